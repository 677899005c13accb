"""Runs a command whose system calls a plan answers."""

import errno
import fcntl
import os
import platform
import select
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Thread
from types import TracebackType

from tests.faults import launcher
from tests.faults.calls import NAMES, Call, read_call, write_part
from tests.faults.plans import PROCEED, Answer, Count, Plan
from tests.faults.syscalls import ARCHITECTURES, filter_program, seccomp_number

NOTIFICATION, RESPONSE = struct.Struct("QIIiIQ6Q"), struct.Struct("QqiI")
RECEIVE, SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_RECV, …_SEND
CONTINUE = 1  # SECCOMP_USER_NOTIF_FLAG_CONTINUE
IGNORED = ("/.git/", "/__pycache__/")  # below a project: what git and Python make for themselves


class UnavailableError(Exception):
    """This system does not let a process watch another's system calls; the message names the remedy."""


class Supervised:
    """A running command, in a process group of its own. Use it as a context: at its end all its processes are over.

    Its system calls on files below `watched` are answered by `plan`. After `limit` seconds all are killed: `timed_out`.
    """

    def __init__(
        self,
        command: Sequence[str],
        plan: Plan,
        watched: Path,
        environment: Mapping[str, str],
        output: Path,
        limit: float = 300,
    ) -> None:
        if platform.machine() not in ARCHITECTURES or sys.platform != "linux":
            raise UnavailableError(
                f"needs Linux on {' or '.join(ARCHITECTURES)}, not {sys.platform} {platform.machine()}"
            )
        self.timed_out = False
        self._plan, self._watched, self._output = plan, f"{watched}{os.sep}", output
        self._end = time.monotonic() + limit
        ours, theirs = socket.socketpair()
        words = [theirs.fileno(), seccomp_number(), filter_program().hex(), *command]
        with ours, theirs, output.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-I", "-S", launcher.__file__, *map(str, words)],
                cwd=watched,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
            received = socket.recv_fds(ours, 1, 1)[1]
        if not received:
            self.process.wait()
            raise UnavailableError(
                f"Linux refuses to stop system calls ({self.output()}): use Linux 5.8 or later, outside a container "
                "that forbids seccomp (Docker: --security-opt seccomp=unconfined)"
            )
        self._listener = received[0]
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Supervised":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error:
            self._kill_all()
        self.process.wait()
        self._thread.join()

    def wait(self) -> int:
        """The exit code of the first process; processes that it started may still run."""
        return self.process.wait()

    def output(self) -> str:
        """What all processes have printed so far."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def _kill_all(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def _serve(self) -> None:
        """Answers until no process is left that has the filter."""
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        try:
            while True:
                events = poll.poll(100)
                if time.monotonic() > self._end and not self.timed_out:
                    self.timed_out = True
                    self._kill_all()
                if events and events[0][1] & select.POLLIN:
                    self._answer_one()
                elif events:
                    return
        finally:
            os.close(self._listener)

    def _answer_one(self) -> None:
        buffer = bytearray(NOTIFICATION.size)
        try:
            fcntl.ioctl(self._listener, RECEIVE, buffer)
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.EINTR):  # the process is gone
                return
            raise
        number, thread, _, call_number, _, _, *arguments = NOTIFICATION.unpack(buffer)
        try:
            call = read_call(thread, call_number, arguments)
            answer = self._planned(call)
            result = self._carried_out(answer, thread, NAMES[call_number], arguments)
        except OSError:  # the thread is gone, or the call is about a file that is not open
            self._respond(number, None)
            return
        if not (answer.kill and call.process == self.process.pid):  # else the call could still be made
            self._respond(number, result)

    def _planned(self, call: Call) -> Answer:
        concerned = any(path.startswith(self._watched) for path in call.paths)
        if not concerned or any(part in call.paths[-1] for part in IGNORED):
            return PROCEED
        return self._plan(call, call.process == self.process.pid)

    def _carried_out(self, answer: Answer, thread: int, name: str, arguments: list[int]) -> int | None:
        """The result that the call is to have; None if it is to be made as it stands."""
        written = None if answer.part is None else write_part(thread, name, arguments, answer.part)
        if answer.kill:
            self.process.send_signal(signal.SIGKILL)
            return None
        return -answer.error if answer.error else written

    def _respond(self, number: int, result: int | None) -> None:
        if result is None:
            response = RESPONSE.pack(number, 0, 0, CONTINUE)
        elif result < 0:
            response = RESPONSE.pack(number, 0, result, 0)
        else:
            response = RESPONSE.pack(number, result, 0, 0)
        try:
            fcntl.ioctl(self._listener, SEND, bytearray(response))
        except OSError as error:
            if error.errno != errno.ENOENT:  # the process is gone
                raise


def why_unavailable(folder: Path) -> str | None:
    """Why system calls cannot be watched here; None where they can. Writes into `folder`."""
    try:
        with Supervised(["true"], Count(), folder, os.environ, folder / "output") as supervised:
            supervised.wait()
    except UnavailableError as error:
        return str(error)
    return None
