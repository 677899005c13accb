"""A labelled picture of a source, before it is read."""

import posixpath
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from captcha_ocr.base.errors import CaptchaOcrError

# Names of splits by what folders and columns call them, in lower case.
SPLIT_NAMES = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}


@dataclass(frozen=True)
class Entry:
    """A labelled picture.

    file: its name in the source, unique: a relative path with forward slashes. text: its label in Unicode's form NFC;
    None where the source has none for it. split: `train`, `validation` or `test`; None where the source assigns none.
    read: gives the bytes of the picture file, and raises CaptchaOcrError if it is damaged.
    """

    file: str
    text: str | None
    split: str | None
    read: Callable[[], bytes]


def normalised(text: str) -> str:
    """`text` in Unicode's form NFC, in which equal texts have equal code points."""
    return unicodedata.normalize("NFC", text)


def named_split(name: str, where: str) -> str | None:
    """The split that a column calls `name`, None if it is empty; raises CaptchaOcrError for any other name."""
    if not name.strip():
        return None
    try:
        return SPLIT_NAMES[name.strip().lower()]
    except KeyError:
        raise CaptchaOcrError(
            f"{where}: the split {name!r} is none of {', '.join(SPLIT_NAMES)}: correct it, or name another column in "
            "fetch.split_column"
        ) from None


def common_folder(names: Iterable[str]) -> str:
    """The folder, with a slash at its end, that all names lie in; empty if there is none."""
    parents = [PurePosixPath(folder).parts for folder in {posixpath.dirname(name) for name in names}]
    low, high = min(parents, default=()), max(parents, default=())
    count = next((i for i, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), min(len(low), len(high)))
    return "".join(f"{part}/" for part in low[:count])


def folder_split(name: str) -> str | None:
    """The split that a folder on the way to the file `name` is named after; None where none is."""
    return _split_among(posixpath.dirname(name))


@lru_cache
def _split_among(folders: str) -> str | None:
    """The split that the first of `folders`, separated by slashes, is named after that is named after any."""
    return next((SPLIT_NAMES[folder] for folder in folders.lower().split("/") if folder in SPLIT_NAMES), None)


def file_split(name: str) -> str | None:
    """The split that the file `name` is named after, as rec_gt_train.txt, or else a folder on the way to it."""
    words = re.split(r"[\W_]+", PurePosixPath(name).stem.lower())
    found = {SPLIT_NAMES[word] for word in words if word in SPLIT_NAMES}
    return found.pop() if len(found) == 1 else folder_split(name)
