"""`lmdb`: the LMDB stores of clovaai's deep-text-recognition-benchmark and of PARSeq.

The keys are `image-000000001`, `label-000000001` and so on from 1, and `num-samples` is their number.
https://github.com/clovaai/deep-text-recognition-benchmark/blob/master/create_lmdb_dataset.py
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

import lmdb

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Budget, Files
from captcha_ocr.fetch.layouts.entry import Entry, common_folder, folder_split, normalised
from captcha_ocr.fetch.layouts.leftovers import refuse_leftovers
from captcha_ocr.params.params import FetchParams, TextParams

STORE, LOCK = "data.mdb", "lock.mdb"
COUNT = "num-samples"
HAS_COUNT = (
    "import sys, pathlib; from captcha_ocr.fetch.layouts.lmdb import has_count; "
    "sys.exit(not has_count(pathlib.Path(sys.argv[1])))"
)
PORTION = 100  # pictures read at once: opening a store takes as long as reading about a hundred


def _image_key(number: int) -> str:
    return f"image-{number:09d}"


def _label_key(number: int) -> str:
    return f"label-{number:09d}"


@contextmanager
def _transaction(path: Path) -> Iterator[lmdb.Transaction]:
    """Reads the store in the file `path`; raises CaptchaOcrError if it is damaged.

    A store is open only as long as it is read from, since a process can open each only once.
    """
    try:
        with lmdb.open(str(path), subdir=False, readonly=True, lock=False, readahead=False) as store:
            # A page behind the end of the file would end the process when it is read.
            if (needed := (store.info()["last_pgno"] + 1) * store.stat()["psize"]) > path.stat().st_size:
                raise CaptchaOcrError(f"{path} is cut off: it must have {needed:,} bytes: fetch or copy it again")
            with store.begin() as transaction:
                yield transaction
    except lmdb.Error as error:
        raise CaptchaOcrError(f"{path} is no sound LMDB store ({error}): fetch or write it again") from None


def _value(transaction: lmdb.Transaction, key: str) -> bytes | None:
    value = transaction.get(key.encode())
    return None if value is None else bytes(value)


class _Pictures:
    """Reads the pictures of a store, PORTION at once."""

    def __init__(self, path: Path, count: int, budget: Budget) -> None:
        self.path, self.count, self.budget = path, count, budget
        self.portion: dict[int, bytes] = {}

    def read(self, number: int) -> bytes:
        """The picture of a number, which must be there."""
        if number not in self.portion:
            numbers = range(number, min(number + PORTION, self.count + 1))
            with _transaction(self.path) as transaction:
                self.portion = {n: self._checked(_value(transaction, _image_key(n)), n) for n in numbers}
        return self.portion[number]

    def _checked(self, content: bytes | None, number: int) -> bytes:
        """The picture, counted: keys of a damaged store may share their bytes."""
        self.budget.spend(len(content or b""), _image_key(number))
        return content or b""


def _count(transaction: lmdb.Transaction, path: Path) -> int:
    """The number of pictures; raises CaptchaOcrError if `num-samples` is not the number of those that are there."""
    value = _value(transaction, COUNT)
    if value is None or not value.isdigit():
        raise CaptchaOcrError(
            f"{path}: num-samples is {'missing' if value is None else repr(value)}: it is the number of pictures, "
            "written last by create_lmdb_dataset.py; write the store again"
        )
    count = int(value)
    keys = transaction.cursor()
    likely = min(count, transaction.stat()["entries"])  # a damaged number may be far beyond
    missing = [key for key in map(_image_key, range(1, likely + 1)) if not keys.set_key(key.encode())]
    if missing:
        raise CaptchaOcrError(
            f"{path}: num-samples is {count}, but there is no {listed(missing)}: write the store again"
        )
    if keys.set_key(_image_key(count + 1).encode()):
        raise CaptchaOcrError(f"{path}: num-samples is {count}, but there is {_image_key(count + 1)}: write it again")
    return count


def _labels(transaction: lmdb.Transaction, count: int, path: Path) -> list[str | None]:
    """The labels in order, None where there is none; raises CaptchaOcrError naming those that are no text."""
    values = [_value(transaction, _label_key(number)) for number in range(1, count + 1)]
    broken = []
    labels: list[str | None] = []
    for number, value in enumerate(values, start=1):
        try:
            labels.append(None if value is None else normalised(value.decode()))
        except UnicodeDecodeError:
            broken.append(_label_key(number))
    if broken:
        raise CaptchaOcrError(f"{path}: not UTF-8: {listed(broken)}: write these labels again")
    return labels


def recognises(files: Files) -> bool:
    """Whether there are LMDB stores, and the first has the key `num-samples`."""
    stores = _stores(files)
    if not stores:
        return False
    # In a process of its own: a damaged store ends the one that reads it.
    command = [sys.executable, "-P", "-c", HAS_COUNT, str(files.local(stores[0]))]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def has_count(path: Path) -> bool:
    """Whether the store in the file `path` is sound and has the key `num-samples`."""
    try:
        with _transaction(path) as transaction:
            return _value(transaction, COUNT) is not None
    except CaptchaOcrError:
        return False


def _stores(files: Files) -> list[str]:
    return [name for name in files.names if PurePosixPath(name).name == STORE]


def entries(files: Files, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As `Layout` describes it. A folder above a store may name its split.

    Raises CaptchaOcrError for a damaged store, and one whose `num-samples` is not that of its pictures.
    """
    stores = _stores(files)
    refuse_leftovers(files, {*stores, *(str(PurePosixPath(name).with_name(LOCK)) for name in stores)}, "lmdb")
    above, budget = len(common_folder(stores)), Budget(files.place, fetch)
    for store in stores:
        path = files.local(store)
        with _transaction(path) as transaction:
            count = _count(transaction, path)
            labels = _labels(transaction, count, path)
        pictures = _Pictures(path, count, budget)
        folder = store[above:].removesuffix(STORE)
        for number, label in enumerate(labels, start=1):
            yield Entry(folder + _image_key(number), label, folder_split(store), partial(pictures.read, number))
