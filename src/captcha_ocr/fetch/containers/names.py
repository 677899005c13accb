"""The rules that the names of a source's files obey."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import FetchParams

# Files that desktop systems leave in archives and folders. They are never pictures, so they are skipped silently.
DESKTOP_NAMES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
# What accompanies a published data set, in lower case.
DOCUMENTS = ("*.md", "readme*", "licen[cs]e*", "citation*", ".gitattributes", ".gitignore", "dataset_infos.json")
# A picture may have two files beside it, as its label and what else is known of it; and a set has some of its own.
FILES_PER_PICTURE, FURTHER_FILES = 3, 1000
MAX_PART, MAX_PATH = 255, 4096  # bytes of a file's name and of a path, on every common file system
# Control characters, line and paragraph separators, and halves of characters: what no file's name needs.
UNWRITABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


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


def max_files(params: FetchParams) -> int:
    """The most files that a source may hold."""
    return FILES_PER_PICTURE * params.max_pictures + FURTHER_FILES


def too_many(place: str, params: FetchParams) -> CaptchaOcrError:
    """The error for a source that holds more files than `max_files`."""
    return CaptchaOcrError(
        f"{place} holds more than {max_files(params):,} files, too many for fetch.max_pictures = "
        f"{params.max_pictures}: raise it in params.yaml if the number is right"
    )


def _is_unwritable(name: str) -> bool:
    return (not name.isascii() and any(unicodedata.category(symbol) in UNWRITABLE for symbol in name)) or (
        name.isascii() and not name.isprintable()
    )


def _is_long(name: str) -> bool:
    return len(name.encode()) > MAX_PATH or any(len(part.encode()) > MAX_PART for part in name.split("/"))


def _is_unsafe(name: str) -> bool:
    """Whether a path leads out of its folder, is absolute somewhere, or may be written in another way, too."""
    return "\\" in name or ":" in name or not {"", ".", ".."}.isdisjoint(name.split("/"))


def is_plain_name(name: str) -> bool:
    """Whether a name breaks no rule of its own: it is relative, printable, and short enough for every file system."""
    return not (_is_unwritable(name) or _is_long(name) or _is_unsafe(name))


def _check(names: list[str], place: str) -> None:
    """Raises CaptchaOcrError for the names that break a rule. Only printable ones appear in a message as they are."""
    if unwritable := [ascii(name[:MAX_PART]) for name in names if _is_unwritable(name)]:
        raise CaptchaOcrError(
            f"{place}: {listed(unwritable)} is no name that can be written in UTF-8 on one line: rename it"
        )
    if long := [f"{name[:60]}…" for name in names if _is_long(name)]:
        raise CaptchaOcrError(
            f"{place}: {listed(long)} has more than {MAX_PART} bytes in a name or {MAX_PATH} in a path: rename it"
        )
    if unsafe := [name or "''" for name in names if _is_unsafe(name)]:
        raise CaptchaOcrError(f"{place}: unsafe path {listed(unsafe)}: pack the files with plain relative names")
    if repeated := [name for name, count in Counter(names).items() if count > 1]:
        raise CaptchaOcrError(f"{place}: {listed(repeated)} is there more than once: pack each file once")


def _counted(names: Iterable[str], place: str, params: FetchParams) -> Iterator[str]:
    for number, name in enumerate(names):
        if number == max_files(params):
            raise too_many(place, params)
        yield name


def wanted_names(names: Iterable[str], place: str, params: FetchParams) -> list[str]:
    """The names without those of desktop systems and of `params.ignore`, sorted.

    Raises CaptchaOcrError if there are too many, and unless all that remain are relative, unique, printable, and short
    enough for every file system.
    """
    wanted = sorted(
        name
        for name in _counted(names, place, params)
        if not is_desktop_file(name) and not any(_matches(name, p) for p in params.ignore)
    )
    _check(wanted, place)
    return wanted
