"""What a case may touch: files below one folder. Anything else that Python does to the machine is refused and noted."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PLACE, TEMPORARY = "place", "tmp"  # folders of the sandbox: the case's own, and the one for temporary files
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = frozenset(
    {"os.mkdir", "os.remove", "os.rmdir", "os.rename", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.chown"}
)
PROGRAMS = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"})
NETWORK = frozenset({"socket.connect", "socket.getaddrinfo", "urllib.Request"})


class TrespassError(BaseException):
    """Not an Exception, so that no handler in the code under test swallows it."""


class Sandbox:
    """The folder `root`, in which the process works from now on. An audit hook cannot be taken away again."""

    def __init__(self, root: Path) -> None:
        self.place, self.temporary = root / PLACE, root / TEMPORARY
        self.trespasses: list[str] = []
        self._inside = f"{root}{os.sep}"
        for folder in (self.place, self.temporary):
            folder.mkdir()
        os.chdir(self.place)
        sys.addaudithook(self._watch)

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str | bytes | os.PathLike) and isinstance(flags, int) and flags & WRITING:
                self._check_path(event, path)
        elif event in CHANGES:
            for path in arguments:
                if isinstance(path, str | bytes | os.PathLike):
                    self._check_path(event, path)
        elif event in PROGRAMS or event in NETWORK:
            self._refuse(f"{event} {arguments!r:.200}")

    def _check_path(self, event: str, path: str | bytes | os.PathLike[Any]) -> None:
        whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # a Path would open more
        if not whole.startswith(self._inside) and whole != os.devnull:
            self._refuse(f"{event} of {whole!r:.200}")

    def _refuse(self, what: str) -> None:
        self.trespasses.append(what)
        raise TrespassError(what)

    def leftovers(self) -> list[str]:
        """What lies where temporary files should be gone."""
        return sorted(os.listdir(self.temporary))  # noqa: PTH208  # names only

    def emptied(self, remove: Callable[[Path], None]) -> None:
        """Removes all that the case has left, by `remove`."""
        for folder in (self.place, self.temporary):
            for entry in os.scandir(folder):
                remove(Path(entry.path))
