"""What is to happen at the system calls of a process: nothing, a kill, a full disk, a folder that is read-only."""

import errno
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.calls import Call


@dataclass(frozen=True)
class Answer:
    """What becomes of a call. kill: the first process is killed. error: the call fails with this errno.

    part: of a write only so many bytes reach the file.
    """

    kill: bool = False
    error: int = 0
    part: int | None = None


PROCEED = Answer()
Plan = Callable[[Call, bool], Answer]  # the second argument: whether the first process makes the call


@dataclass
class Count:
    """Lets all calls proceed, and keeps those of the first process that change files; or those of all others."""

    of_children: bool = False
    calls: list[Call] = field(default_factory=list)

    def __call__(self, call: Call, is_first: bool) -> Answer:
        if is_first != self.of_children and call.changes:
            self.calls.append(call)
        return PROCEED


@dataclass
class KillAt:
    """Kills the first process at the call number `number`; `torn`: half of what that writes has reached the file.

    of_children: calls of all other processes are counted instead; these live on. only: calls alone whose name and last
    path this expression finds are counted. killed_at: the call, None before.
    """

    number: int
    torn: bool = False
    of_children: bool = False
    only: str = ""
    killed_at: Call | None = None
    seen: int = 0

    def __call__(self, call: Call, is_first: bool) -> Answer:
        if is_first == self.of_children or not call.changes or self.killed_at:
            return PROCEED
        if not re.search(self.only, f"{call.name} {call.paths[-1]}"):
            return PROCEED
        self.seen += 1
        if self.seen < self.number:
            return PROCEED
        self.killed_at = call
        # A process that lives on makes its call, and would write the half once more.
        torn = self.torn and not self.of_children and call.name in ("write", "pwrite64")
        return Answer(kill=True, part=call.size // 2 if torn else None)


@dataclass
class DiskFull:
    """Room for `room` bytes; from the first write that does not fit, no more can be written. Deleting frees nothing.

    spare_first: the first process is not concerned.
    """

    room: int
    spare_first: bool = False
    failed_at: Call | None = None

    def __call__(self, call: Call, is_first: bool) -> Answer:
        if (is_first and self.spare_first) or (not call.size and call.name != "mkdir"):
            return PROCEED
        if call.size <= self.room and not self.failed_at:
            self.room -= call.size
            return PROCEED
        part = 0 if self.failed_at or call.name not in ("write", "pwrite64") else self.room
        self.failed_at = self.failed_at or call
        return Answer(part=part) if part else Answer(error=errno.ENOSPC)


@dataclass
class ReadOnly:
    """The folder and all below it cannot be changed: calls fail with `error`, EROFS or EACCES.

    spare_first: the first process is not concerned.
    """

    folder: Path
    error: int = errno.EROFS
    spare_first: bool = False
    failed_at: Call | None = None

    def __call__(self, call: Call, is_first: bool) -> Answer:
        below = any(Path(path).is_relative_to(self.folder) for path in call.paths)
        if (is_first and self.spare_first) or not below:
            return PROCEED
        if call.name.startswith("mkdir") and Path(call.paths[0]).exists():
            return Answer(error=errno.EEXIST)  # Linux, too, looks for the folder first
        if call.name.startswith(("unlink", "rmdir", "rename")) and not os.path.lexists(call.paths[0]):
            return Answer(error=errno.ENOENT)
        self.failed_at = self.failed_at or call
        return Answer(error=self.error)
