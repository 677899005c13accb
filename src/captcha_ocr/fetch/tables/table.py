"""Reads tables: CSV, TSV, JSON Lines, and JSON lists of objects. Every cell stays the text that is written there.

One exception: columns that `captcha-ocr label` has marked for spreadsheets, as base/cells.py says.
"""

import csv
import io
import json
import posixpath
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from captcha_ocr.base.cells import MARK, unmarked
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.tables.text import decoded, numbered_lines

DELIMITERS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "vertical bar"}
# A label 1e5 or 1.50 stays one.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


@dataclass(frozen=True)
class Line:
    """A row of a table: its number in the file, from 1, and a cell for each column.

    A cell is text. In JSON it may be None, for null or a missing key, or a list or an object.
    """

    number: int
    cells: Sequence[Any]


@dataclass(frozen=True)
class Table:
    """A table as it is written. `lines` can be gone through once, which raises CaptchaOcrError for a broken row."""

    name: str
    columns: Sequence[str]
    lines: Iterator[Line]


def _check_delimiter(columns: Sequence[str], delimiter: str, name: str) -> None:
    others = [other for other in DELIMITERS if other != delimiter and other in columns[0]]
    if len(columns) == 1 and others:
        raise CaptchaOcrError(
            f"{name}: the header {columns[0]!r} has a {DELIMITERS[others[0]]} where a {DELIMITERS[delimiter]} must "
            "separate the columns: save a .csv with commas or a .tsv with tabs"
        )


def _texts(columns: Sequence[str], cells: Sequence[str]) -> list[str]:
    return [unmarked(cell) if column.endswith(MARK) else cell for column, cell in zip(columns, cells, strict=True)]


def _csv_lines(rows: Any, columns: Sequence[str], name: str) -> Iterator[Line]:
    """The lines behind the header; `rows` is a reader of the module csv."""
    wrong: list[str] = []
    while True:
        number = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            raise CaptchaOcrError(
                f"{name}, line {number}: {error}: a text with a quotation mark is written in quotation marks, and "
                'the mark twice: "5"" nails"'
            ) from None
        if len(cells) == len(columns):
            yield Line(number, _texts(columns, cells))
        elif cells:  # not an empty line
            wrong.append(f"line {number} has {len(cells)}")
    if wrong:
        raise CaptchaOcrError(
            f"{name}: the header has {len(columns)} cells, {listed(wrong)}: complete the rows, and write texts that "
            "hold the delimiter in quotation marks"
        )


def _read_csv(content: bytes, name: str, delimiter: str) -> Table:
    rows = csv.reader(io.StringIO(decoded(content, name), newline=""), delimiter=delimiter, strict=True)
    try:
        columns = [column.strip() for column in next(rows, [])]
    except csv.Error as error:
        raise CaptchaOcrError(f"{name}, line 1: {error}: correct the header") from None
    if not columns:
        raise CaptchaOcrError(f"{name} is empty: its first line names the columns")
    _check_delimiter(columns, delimiter, name)
    return Table(name, [column.removesuffix(MARK) for column in columns], _csv_lines(rows, columns, name))


def _parsed(text: str, where: str) -> Any:
    """A JSON value; numbers are the text that is written."""
    try:
        value = DECODER.decode(text)
        if "\\u" in text:
            json.dumps(value, ensure_ascii=False).encode()  # half of a surrogate pair is no text
        return value
    except (ValueError, RecursionError) as error:
        raise CaptchaOcrError(f"{where}: not JSON ({error}): correct it") from None


def _json_table(objects: Sequence[tuple[int, Any]], name: str, unit: str) -> Table:
    foreign = [f"{unit} {number}" for number, value in objects if not isinstance(value, dict)]
    if foreign or not objects:
        raise CaptchaOcrError(
            f"{name}: {listed(foreign) or 'nothing'} where each {unit} must be a JSON object, as "
            '{"file_name": "1.png", "text": "abc"}'
        )
    columns = list(dict.fromkeys(key for _, value in objects for key in value))
    return Table(name, columns, (Line(number, [value.get(c) for c in columns]) for number, value in objects))


def _read_json_lines(content: bytes, name: str) -> Table:
    lines = numbered_lines(decoded(content, name))
    objects = [(number, _parsed(line, f"{name}, line {number}")) for number, line in lines]
    return _json_table(objects, name, "line")


def _read_json(content: bytes, name: str) -> Table:
    value = _parsed(decoded(content, name), name)
    if not isinstance(value, list):
        raise CaptchaOcrError(f"{name} is no list of JSON objects: name another table in fetch.table in params.yaml")
    return _json_table(list(enumerate(value, start=1)), name, "item")


READERS: dict[str, Callable[[bytes, str], Table]] = {
    ".csv": partial(_read_csv, delimiter=","),
    ".tsv": partial(_read_csv, delimiter="\t"),
    ".jsonl": _read_json_lines,
    ".ndjson": _read_json_lines,
    ".json": _read_json,
}


def is_table_name(name: str) -> bool:
    """Whether a file's name has the ending of a table that `read_table` reads."""
    return posixpath.splitext(name)[1].lower() in READERS


def read_table(content: bytes, name: str) -> Table:
    """The table in a file called `name`, whose ending names the format.

    Raises CaptchaOcrError naming the line that is not UTF-8, not JSON or not CSV, and for a header whose columns are
    separated by another delimiter.
    """
    ending = posixpath.splitext(name)[1].lower()
    if ending not in READERS:
        raise CaptchaOcrError(f"{name} is no table: fetch.table names a file that ends in {', '.join(READERS)}")
    return READERS[ending](content, name)
