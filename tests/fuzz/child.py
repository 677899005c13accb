"""The process in which cases run: it may crash, hang or run out of memory without harm to the tests."""

import faulthandler
import io
import os
import resource
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import psutil

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fuzz.sandbox import TEMPORARY, Sandbox

Target: TypeAlias = Callable[[Any, Path], None]
CRASHES = "crashes.txt"
RESULT, REFUSED, WRONG = "result", "refused", "wrong"
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Bounds:
    """What a case may take: seconds of processor time, and megabytes beyond those that the process has at its start.

    isolated: whether the project runs the target in a process of its own, so that a crash ends in a CaptchaOcrError.
    """

    seconds: int = 5
    megabytes: int = 1000
    isolated: bool = False


@dataclass(frozen=True)
class Verdict:
    """kind: RESULT, REFUSED or WRONG. fault: of a wrong answer, its kind and place in a line; `details` is for people.

    spent: whether the process is not fit for another case.
    """

    kind: str
    fault: str = ""
    details: str = ""
    spent: bool = False


def _place_of(error: BaseException) -> str:
    """The innermost line of the project's code that the error went through, or else the innermost line."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/captcha_ocr/" in frame.filename] or frames
    return f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else "nowhere"


def _wrong(error: BaseException) -> Verdict:
    lines = "".join(traceback.format_exception(error, limit=-12))
    return Verdict(WRONG, f"{type(error).__name__} at {_place_of(error)}", lines[-6000:])


def _refusal(error: CaptchaOcrError) -> Verdict:
    """A refusal is one only if its message can be printed."""
    try:
        str(error).encode()
    except UnicodeEncodeError as unprintable:
        return _wrong(unprintable.with_traceback(error.__traceback__))
    return Verdict(REFUSED, details=str(error))


def _answer(target: Target, case: Any, sandbox: Sandbox) -> Verdict:
    try:
        target(case, sandbox.place)
    except CaptchaOcrError as error:
        return _refusal(error)
    except BaseException as error:  # a SystemExit or a MemoryError is a wrong answer as well
        return _wrong(error)
    return Verdict(RESULT)


def _judged(target: Target, case: Any, sandbox: Sandbox, most_kilobytes: int) -> Verdict:
    """The answer to a case, and whether it kept within the sandbox and the memory."""
    sandbox.trespasses.clear()
    verdict = _answer(target, case, sandbox)
    if sandbox.trespasses:
        return Verdict(WRONG, f"outside: {sandbox.trespasses[0]}", verdict.details)
    if left := sandbox.leftovers():
        return Verdict(WRONG, f"{len(left)} temporary files left behind", f"{left}\n{verdict.details}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if peak > most_kilobytes:
        return Verdict(
            WRONG, "too much memory", f"{peak} kB and allowed are {most_kilobytes}\n{verdict.details}", spent=True
        )
    return verdict


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _limit(bounds: Bounds) -> int:
    """Sets the process's limits; returns the most kilobytes that may ever be resident."""
    memory = psutil.Process().memory_info()
    most = memory.vms + bounds.megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    return (memory.rss + bounds.megabytes * MEGABYTE) // 1024


def _prepare(root: Path) -> Sandbox:
    """A new home for the process: nothing that it prints is seen, but what cannot be printed is an error."""
    with Path(os.devnull).open("wb") as nowhere:
        for output in (1, 2):  # where libraries in C write
            os.dup2(nowhere.fileno(), output)
    sys.dont_write_bytecode = True
    os.environ["TMPDIR"] = tempfile.tempdir = str(root / TEMPORARY)
    sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"), encoding="utf-8")
    crashes = (root / CRASHES).open("w")
    faulthandler.enable(crashes, all_threads=False)
    faulthandler.register(signal.SIGPROF, crashes, all_threads=False, chain=True)
    return Sandbox(root)


def serve(connection: Connection, target: Target, root: Path, bounds: Bounds) -> None:
    """Judges one case after the other. A case that takes too long ends the process by SIGPROF."""
    sandbox = _prepare(root)
    most_kilobytes = _limit(bounds)
    while True:
        try:
            case = connection.recv()
        except EOFError:
            return
        signal.setitimer(signal.ITIMER_PROF, bounds.seconds)
        verdict = _judged(target, case, sandbox, most_kilobytes)
        signal.setitimer(signal.ITIMER_PROF, 0)
        sandbox.emptied(_remove)
        connection.send(verdict)
