"""Puts cases to a target in a process of its own, and raises for every wrong answer, each kind by its own name."""

import multiprocessing
import re
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.fuzz.child import CRASHES, REFUSED, WRONG, Bounds, Target, Verdict, serve

SILENCE = 120  # seconds without an answer after which a case counts as hanging; others may have the processor meanwhile
MEMORY_FILES = Path("/dev/shm")
# What most targets need, imported once for all of their processes.
PRELOADED = [
    "tests.fuzz.child",
    "captcha_ocr.fetch.packing",
    "captcha_ocr.recognizer",
    "hypothesis.strategies",
    "pandas",
]


class WrongAnswerError(AssertionError):
    """Neither a result nor a CaptchaOcrError."""


@cache
def _kind_of(fault: str) -> type[WrongAnswerError]:
    """A class for each fault: Hypothesis tells failures apart by the class of the exception, and reports each."""
    return type(re.sub(r"\W+", "_", fault)[:120], (WrongAnswerError,), {})


class Judge:
    """A target, and the process that runs it. The process starts with the first case, and again after a crash."""

    def __init__(self, target: Target, root: Path, bounds: Bounds) -> None:
        self.target, self.root, self.bounds = target, root, bounds
        self.tally: Counter[str] = Counter()
        self.faults: set[str] = set()
        self.process: BaseProcess | None = None
        self.connection: Connection | None = None
        self.started = 0

    def answer(self, case: Any) -> Verdict:
        """The answer to a case; raises WrongAnswerError if it is wrong."""
        verdict = self._verdict(case)
        self.tally[verdict.kind] += 1
        if verdict.spent:
            self.stop()
        if verdict.kind == WRONG:
            self.faults.add(verdict.fault)
            raise _kind_of(verdict.fault)(f"{verdict.fault}\n{verdict.details}")
        return verdict

    def _verdict(self, case: Any) -> Verdict:
        connection = self.connection or self._start()
        try:
            connection.send(case)
            if not connection.poll(SILENCE):
                return Verdict(WRONG, f"no answer within {SILENCE} seconds", spent=True)
            verdict: Verdict = connection.recv()
        except (EOFError, ConnectionError):
            return self._crash()
        return verdict

    def _start(self) -> Connection:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        self.started += 1
        home = self.root / str(self.started)
        home.mkdir()
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs, self.target, home, self.bounds), daemon=True)
        self.process.start()
        theirs.close()
        return self.connection

    def _crash(self) -> Verdict:
        """The verdict on a case that ended the process: the signal, and the line of the project that ran."""
        assert self.process is not None
        self.process.join(SILENCE)
        code = self.process.exitcode or 0
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        crashes = self.root / str(self.started) / CRASHES
        trace = crashes.read_text() if crashes.exists() else ""
        found = re.search(r'/captcha_ocr/[^"]*?(\w+\.py)", line (\d+)', trace)
        place = found[1] if found else "an unknown place"
        if code == -signal.SIGPROF:
            return Verdict(WRONG, f"over {self.bounds.seconds} seconds in {place}", trace, spent=True)
        if self.bounds.isolated and code < 0:
            return Verdict(REFUSED, name, trace, spent=True)
        return Verdict(WRONG, f"{name} at {place}:{found[2] if found else 0}", trace, spent=True)

    def stop(self) -> None:
        """Ends the process, however it is."""
        if self.process is not None and self.connection is not None:
            self.connection.close()  # which ends it, unless it hangs
            self.process.join(1)
            self.process.kill()
            self.process.join()
        self.process = self.connection = None


@contextmanager
def judge(target: Target, bounds: Bounds) -> Iterator[Judge]:
    """A judge of `target`, which is a function of a module."""
    place = MEMORY_FILES if MEMORY_FILES.is_dir() else None
    root = Path(tempfile.mkdtemp(prefix="fuzz-", dir=place)).resolve()
    judging = Judge(target, root, bounds)
    try:
        yield judging
    finally:
        judging.stop()
        shutil.rmtree(root)
