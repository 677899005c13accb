"""Finds the pictures that the rows of tables name among the files of a source."""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path, PurePosixPath

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry, common_folder, folder_split, normalised
from captcha_ocr.pictures.endings import is_picture_name


@dataclass(frozen=True)
class Row:
    """A picture as a table names it.

    table, line: where. folder: the table's folder, relative to the source's root. picture: the path that is written
    there. text, split: None where the table has none.
    """

    table: str
    line: int
    folder: str
    picture: str
    text: str | None
    split: str | None = None

    @property
    def where(self) -> str:
        return f"{self.table}, line {self.line}"


def _likeness(name: str) -> str:
    """Equal for names that differ by case or by Unicode's form only."""
    return normalised(name).casefold()


def _is_absolute(path: str) -> bool:
    return path.startswith(("/", "\\\\")) or re.match(r"[A-Za-z]:[\\/]", path) is not None


class PictureFinder:
    """Finds the files of a source by the paths that tables name.

    A path is relative to the folder of its table, or else to the root of the source, or else to `common`, the folder
    that all files of an archive may lie in. A backslash separates folders as a slash does.
    """

    def __init__(self, files: Files) -> None:
        self.files, self.names, self.common = files, frozenset(files.names), common_folder(files.names)
        self._place = Path(files.place).absolute().as_posix() + "/"

    def _candidates(self, path: str, folder: str) -> Iterator[str]:
        """The names that `path` may mean. A table outside the source has a folder that begins with `..`."""
        relative = path.replace("\\", "/")
        for base in (folder, "", self.common):
            yield posixpath.normpath(posixpath.join(self._place, base, relative)).removeprefix(self._place)

    def find(self, path: str, folder: str) -> str | None:
        """The name of the file that `path` means; None if the source has none."""
        return next((name for name in self._candidates(path, folder) if name in self.names), None)

    @cached_property
    def _alike(self) -> dict[str, str]:
        return {_likeness(name): name for name in self.files.names}

    def likely(self, path: str, folder: str) -> str | None:
        """A file whose name differs from `path` by case or by Unicode's form only, or is the end of it."""
        parts = PurePosixPath(path.strip().replace("\\", "/")).parts
        ends = ("/".join(parts[start:]) for start in range(1, len(parts)))
        found = (
            self._alike.get(_likeness(name)) for end in (path.strip(), *ends) for name in self._candidates(end, folder)
        )
        return next((name for name in found if name), None)


def _listed(rows: Sequence[Row], finder: PictureFinder) -> str:
    """The first ten rows with the files that may be meant, and the number of all rows."""
    named = [row.where for row in rows]
    for index, row in enumerate(rows[:10]):
        likely = finder.likely(row.picture, row.folder)
        named[index] += f": {row.picture!r}" + (f" (perhaps {likely})" if likely else "")
    return listed(named, 10)


def _check_found(rows: list[Row], finder: PictureFinder) -> None:
    """Raises CaptchaOcrError if there are rows; they are those whose picture was not found."""
    place = finder.files.place
    if absolute := [row for row in rows if _is_absolute(row.picture)]:
        raise CaptchaOcrError(
            f"{place}: paths of another place: {_listed(absolute, finder)}: write them relative to the "
            "table's folder, as images/1.png"
        )
    if rows:
        raise CaptchaOcrError(
            f"{place}: pictures that are not there: {_listed(rows, finder)}: add them, or correct the paths, "
            "which are relative to the table's folder or to the source (fetch.table, fetch.picture_column)"
        )


def _check_unique(found: list[tuple[Row, str]], place: str) -> None:
    first: dict[str, Row] = {}
    doubled = []
    for row, name in found:
        if (earlier := first.setdefault(name, row)) is not row:
            doubled.append(f"{name} ({earlier.where}, and {row.where})")
    if doubled:
        raise CaptchaOcrError(f"{place}: named by two rows: {listed(doubled)}: keep the row whose label is right")


def listed_entries(files: Files, rows: Iterable[Row]) -> list[Entry]:
    """The pictures that `rows` name. Where a row has no split, folders named after splits give it.

    Prints how many pictures of the source no row names; they are left out. Raises CaptchaOcrError naming the rows whose
    picture is not in the source, or in a row before.
    """
    finder = PictureFinder(files)
    sought = [(row, finder.find(row.picture, row.folder)) for row in rows]
    _check_found([row for row, name in sought if name is None], finder)
    found = [(row, name) for row, name in sought if name is not None]
    _check_unique(found, files.place)
    above = len(finder.common)
    entries = [
        Entry(
            name[above:],
            None if row.text is None else normalised(row.text),
            row.split or folder_split(name[above:]),
            partial(files.read, name),
        )
        for row, name in found
    ]
    pictures = sum(map(is_picture_name, files.names))
    if left_out := pictures - sum(is_picture_name(name) for _, name in found):
        print(f"{files.place}: {left_out} of {pictures} pictures have no label and are left out")
    return entries


def first_is_there(files: Files, rows: Callable[[], Iterator[Row]]) -> bool:
    """Whether `rows` gives rows, and the source has the picture of the first."""
    try:
        first = next(rows(), None)
    except CaptchaOcrError:
        return False
    return first is not None and PictureFinder(files).find(first.picture, first.folder) is not None
