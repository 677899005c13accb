"""The files of a source, whatever holds them, and the rules that their names obey."""

from collections import Counter
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import FetchParams

# Files that desktop systems leave in archives and folders. They are never pictures, so they are skipped silently.
DESKTOP_NAMES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
# What accompanies a published data set, in lower case.
DOCUMENTS = ("*.md", "readme*", "licen[cs]e*", "citation*", ".gitattributes", ".gitignore", "dataset_infos.json")
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


def is_desktop_file(name: str) -> bool:
    """Whether a desktop system left the file behind."""
    parts = name.split("/")
    return "__MACOSX" in parts or parts[-1] in DESKTOP_NAMES


def is_document(name: str) -> bool:
    """Whether a file tells about a data set, and holds none of it."""
    return any(fnmatchcase(name.rpartition("/")[2].lower(), pattern) for pattern in DOCUMENTS)


def _matches(name: str, pattern: str) -> bool:
    """Whether a pattern of fetch.ignore matches the whole path, or one without a slash the last part of it."""
    return fnmatchcase(name, pattern) or ("/" not in pattern and fnmatchcase(name.rpartition("/")[2], pattern))


def wanted_names(names: Iterable[str], place: str, params: FetchParams) -> list[str]:
    """The names without those of desktop systems and of `params.ignore`, sorted.

    Raises CaptchaOcrError unless all others are relative and unique.
    """
    wanted = sorted(
        name for name in names if not is_desktop_file(name) and not any(_matches(name, p) for p in params.ignore)
    )
    unsafe = [n for n in wanted if n.startswith("/") or "\\" in n or ":" in n or ".." in n.split("/")]
    if unsafe:
        raise CaptchaOcrError(f"{place}: unsafe path {listed(unsafe)}: pack the files with plain relative names")
    repeated = [name for name, count in Counter(wanted).items() if count > 1]
    if repeated:
        raise CaptchaOcrError(f"{place}: {listed(repeated)} is there more than once: pack each file once")
    return wanted


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
