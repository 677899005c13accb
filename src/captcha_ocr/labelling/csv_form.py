"""The form of a table of labels: its columns, delimiter and line ends, kept as they were found.

The columns of files and texts are marked for spreadsheets, as base/cells.py says, once one of their cells needs it.
"""

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.base.cells import MARK, begins_formula, marked, unmarked
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.tables.columns import PICTURE_COLUMNS, TEXT_COLUMNS

DELIMITERS = {".csv": ",", ".tsv": "\t"}  # of a new table, by its ending
Rows = dict[str, list[str]]  # the cells of each row, by its file


@dataclass(frozen=True)
class Form:
    """columns: their names, without a mark. file, text: the numbers of these two. bom: whether the file begins with a
    byte order mark.
    """

    columns: tuple[str, ...]
    file: int
    text: int
    delimiter: str
    newline: str
    bom: bool

    def new_row(self, file: str, text: str) -> list[str]:
        """A row whose other cells are empty."""
        cells = [""] * len(self.columns)
        cells[self.file], cells[self.text] = file, text
        return cells

    def render(self, rows: Mapping[str, list[str]]) -> bytes:
        """The bytes of the table."""
        sheet = io.StringIO()
        writer = csv.writer(sheet, delimiter=self.delimiter, lineterminator=self.newline)
        risky = [n for n in (self.file, self.text) if any(begins_formula(cells[n]) for cells in rows.values())]
        writer.writerow([f"{name}{MARK}" if n in risky else name for n, name in enumerate(self.columns)])
        for cells in rows.values():
            writer.writerow([marked(cell) if n in risky else cell for n, cell in enumerate(cells)])
        return sheet.getvalue().encode("utf-8-sig" if self.bom else "utf-8")


def new_form(path: Path) -> Form:
    """The form of a new table; raises CaptchaOcrError if its name ends neither in .csv nor in .tsv."""
    delimiter = DELIMITERS.get(path.suffix.lower())
    if delimiter is None:
        raise CaptchaOcrError(f"{path} ends neither in .csv nor in .tsv: name the table of labels with such an ending")
    return Form(("file", "text"), 0, 1, delimiter, "\n", bom=False)


def parse(content: bytes, path: Path) -> tuple[Form, Rows]:
    """The form of an existing table, and its rows in their order.

    Raises CaptchaOcrError naming the row that is wrong: not UTF-8, other columns, missing cells, a file twice.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CaptchaOcrError(f"{path}, line {line}, is not UTF-8: save the table as CSV in UTF-8") from None
    head = text.partition("\n")[0]
    form = _form(head, path, bom=content.startswith(codecs.BOM_UTF8))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=form.delimiter, strict=True)
    rows: Rows = {}
    lines: dict[str, int] = {}
    try:
        head_cells = next(reader)
        marks = [n for n in (form.file, form.text) if head_cells[n].endswith(MARK)]
        for cells in reader:
            if cells:
                _check_length(cells, form, place := f"{path}, line {reader.line_num}")
                texts = [unmarked(cell) if n in marks else cell for n, cell in enumerate(cells)]
                file = _checked_file(texts, form, place, lines)
                rows[file], lines[file] = texts, reader.line_num
    except csv.Error as error:
        raise CaptchaOcrError(f"{path}, line {reader.line_num}, is not CSV ({error}): correct its quotes") from None
    return form, rows


def _form(head: str, path: Path, bom: bool) -> Form:
    """The form that the first line shows."""
    newline = "\r\n" if head.endswith("\r") else "\n"
    for delimiter in (",", "\t", ";", "|"):
        columns = next(csv.reader([head.rstrip("\r")], delimiter=delimiter), [])
        names = [name.removesuffix(MARK) for name in columns]
        files, texts = (_positions(names, known) for known in (PICTURE_COLUMNS, TEXT_COLUMNS))
        if len(files) > 1 or len(texts) > 1:
            found = listed([columns[position] for position in (*files, *texts)])
            raise CaptchaOcrError(f"{path} has several columns for picture or label ({found}): rename all but two")
        if files and texts:
            file, text = files[0], texts[0]
            kept = [names[n] if n in (file, text) else name for n, name in enumerate(columns)]
            return Form(tuple(kept), file, text, delimiter, newline, bom)
    raise CaptchaOcrError(
        f"the first line of {path}, {head.rstrip()[:200]!r}, names no columns for picture and label: call them file "
        "and text, separated by a comma"
    )


def _positions(columns: Sequence[str], known: frozenset[str]) -> list[int]:
    """Where a column has one of the usual names."""
    return [position for position, name in enumerate(columns) if name.strip().lower() in known]


def _check_length(cells: list[str], form: Form, place: str) -> None:
    if len(cells) != len(form.columns):
        raise CaptchaOcrError(
            f"{place}, has {len(cells)} cells, and the first line {len(form.columns)}: put a text that contains "
            f"{form.delimiter!r} in quotes, or add the missing cells"
        )


def _checked_file(cells: list[str], form: Form, place: str, lines: Mapping[str, int]) -> str:
    """The file that a row is about."""
    file = cells[form.file]
    if not file:
        raise CaptchaOcrError(f"{place}, names no picture in the column {form.columns[form.file]}: remove the row")
    if file in lines:
        raise CaptchaOcrError(f"{place}, names {file}, as line {lines[file]} does: keep one of the two rows")
    return file
