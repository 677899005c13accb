"""`mjsynth`: the lists of 90kDICT32px, with lines `./2697/6/466_MONIKER_49537.jpg 49537`.

The label is the middle of the file name, with its case; the number behind the path is the word's in a lexicon, in one
case. annotation_train.txt, annotation_val.txt and annotation_test.txt give the splits (Jaderberg et al. 2014).
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.fetch.tables.listed_pictures import Row, first_is_there, listed_entries
from captcha_ocr.fetch.tables.table_files import TableFile, table_named, tables_in
from captcha_ocr.fetch.tables.text import decoded, numbered_lines
from captcha_ocr.params.params import FetchParams, TextParams

LINE = re.compile(r"(?P<path>(?:.*/)?[^/_]+_(?P<label>[^/]+)_\d+\.\w+) \d+")
LIST = re.compile(r"annotation(_\w+)?\.txt")


def _lists(files: Files) -> list[str]:
    """The annotation lists of a source; annotation.txt, of all pictures, only where there is none of a split."""
    names = [name for name in files.names if LIST.fullmatch(PurePosixPath(name).name)]
    return [name for name in names if PurePosixPath(name).name != "annotation.txt"] or names


def _rows(file: TableFile) -> Iterator[Row]:
    wrong = []
    for number, line in numbered_lines(decoded(file.content, file.name)):
        if match := LINE.fullmatch(line):
            yield Row(file.name, number, file.folder, match["path"], match["label"], file.split)
        else:
            wrong.append(f"line {number} ({line[:60]!r})")
    if wrong:
        raise CaptchaOcrError(
            f"{file.name}: not as ./2697/6/466_MONIKER_49537.jpg 49537: {listed(wrong)}: correct the lines"
        )


def recognises(files: Files) -> bool:
    """Whether there are such lists, and the first names a picture that is there."""
    return first_is_there(files, lambda: (row for file in tables_in(files, _lists(files)[:1]) for row in _rows(file)))


def entries(files: Files, fetch: FetchParams, text: TextParams) -> list[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError naming the list and the line that does not fit."""
    names = _lists(files)
    if not names and not fetch.table:
        raise CaptchaOcrError(f"{files.place} holds no annotation_train.txt: name the list in fetch.table")
    lists = [table_named(files, fetch.table, names)] if fetch.table else tables_in(files, names)
    return listed_entries(files, (row for file in lists for row in _rows(file)))
