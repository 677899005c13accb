"""`paddleocr`: lists with a line `path<TAB>label` for each picture, and no header, as PaddleOCR's SimpleDataSet reads.

Several lists are those of splits, as rec_gt_train.txt and rec_gt_test.txt.
"""

import posixpath
from collections.abc import Iterator

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry
from captcha_ocr.fetch.tables.listed_pictures import Row, first_is_there, listed_entries
from captcha_ocr.fetch.tables.table_files import TableFile, check_together, table_named, tables_in
from captcha_ocr.fetch.tables.text import decoded, numbered_lines
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.endings import is_picture_name


def _first_line(files: Files, name: str) -> str:
    return next((line for _, line in numbered_lines(decoded(files.read(name), name))), "")


def _is_list(line: str) -> bool:
    """Whether a list may begin with `line`; a list for detection has JSON where this one has the label."""
    path, tab, label = line.partition("\t")
    return bool(tab) and is_picture_name(path.strip()) and not label.startswith("[{")


def _texts(files: Files) -> dict[str, str]:
    """The first line of each text file by the file's name, but for those that lie beside one picture each."""
    pictures = {posixpath.splitext(name)[0] for name in files.names if is_picture_name(name)}
    names = (name for name in files.names if name.lower().endswith(".txt") and name[: -len(".txt")] not in pictures)
    return {name: _first_line(files, name) for name in names}


def _lists(files: Files) -> list[str]:
    """The lists of a source; raises CaptchaOcrError if there is none, or several that are not those of splits."""
    texts = _texts(files)
    names = [name for name, line in texts.items() if _is_list(line)]
    if not names:
        found = listed([f"{name} with {line[:60]!r}" for name, line in texts.items()]) or "no .txt file"
        raise CaptchaOcrError(
            f"{files.place} holds no list that begins with a picture's path, a tab and its label; there is {found}: "
            "separate path and label by a tab, or name the list in fetch.table in params.yaml"
        )
    check_together(files, names)
    return names


def _rows(file: TableFile) -> Iterator[Row]:
    wrong = []
    for number, line in numbered_lines(decoded(file.content, file.name)):
        cells = line.split("\t")
        if len(cells) == 2 and cells[0].strip():
            yield Row(file.name, number, file.folder, cells[0], cells[1], file.split)
        else:
            wrong.append(f"line {number} ({line[:60]!r})")
    if wrong:
        raise CaptchaOcrError(f"{file.name}: not a path, one tab and a label: {listed(wrong)}: correct the lines")


def recognises(files: Files) -> bool:
    """Whether there are such lists, and the first names a picture that is there."""
    return first_is_there(files, lambda: _rows(tables_in(files, _lists(files))[0]))


def entries(files: Files, fetch: FetchParams, text: TextParams) -> list[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError naming the list and the line that does not fit."""
    lists = [table_named(files, fetch.table, list(_texts(files)))] if fetch.table else tables_in(files, _lists(files))
    return listed_entries(files, (row for file in lists for row in _rows(file)))
