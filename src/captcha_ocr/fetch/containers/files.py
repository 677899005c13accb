"""The files of a source, whatever holds them, and how much of them is read."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import FetchParams

MEGABYTE = 1_000_000
CHUNK = 1 << 16


class Files(Protocol):
    """The files of a source."""

    @property
    def place(self) -> str:
        """The source's name in messages."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """Relative paths with forward slashes, sorted."""
        ...

    def size(self, name: str) -> int:
        """The bytes of the file `name`, as its container says: an archive may lie."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of the file `name`; raises CaptchaOcrError if it is damaged or a limit of `fetch` is exceeded."""
        ...

    def local(self, name: str) -> Path:
        """A path on this machine where the file `name` can be opened, for libraries that take only paths."""
        ...


class Budget:
    """Counts the bytes that are unpacked from one source against `max_unpacked_mb` and `max_ratio`."""

    def __init__(self, place: str, params: FetchParams) -> None:
        self.place, self.left, self.max_ratio = place, int(params.max_unpacked_mb * MEGABYTE), params.max_ratio

    def spend(self, count: int, name: str) -> None:
        """Counts `count` bytes of the file `name`; raises CaptchaOcrError if the limit is exceeded."""
        self.left -= count
        if self.left < 0:
            raise CaptchaOcrError(
                f"{self.place}: unpacks to more than fetch.max_unpacked_mb at {name}: raise it in params.yaml if you "
                "trust the source"
            )

    def check_ratio(self, unpacked: int, packed: int, name: str) -> None:
        """Raises CaptchaOcrError if `unpacked` bytes are too many for `packed` bytes."""
        if unpacked > self.max_ratio * max(packed, CHUNK):
            raise CaptchaOcrError(
                f"{self.place}: {name} unpacks to over {self.max_ratio:g} times its size, as a zip bomb does: raise "
                "fetch.max_ratio in params.yaml if you trust the archive"
            )


def unpacked(folder: Path, name: str, read: Callable[[], bytes]) -> Path:
    """The path of the file `name` in the folder for unpacked files, written there by what `read` gives if it is not.

    Raises CaptchaOcrError as `read` does, and if it cannot be written, as where one file's name is another's folder.
    """
    path = folder / name
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(read())
    except OSError as error:
        raise CaptchaOcrError(
            f"{name} cannot be unpacked to {folder} ({error.strerror}): make room there, or rename the file"
        ) from None
    return path
