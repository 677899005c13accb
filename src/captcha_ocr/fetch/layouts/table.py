"""`table`: tables name the pictures, their labels and, where they have them, their splits.

So do fast-plate-ocr's annotations (`image_path`, `plate_text`) and the `metadata.csv` or `metadata.jsonl` in each
folder of a Hugging Face `imagefolder`.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry, named_split
from captcha_ocr.fetch.tables.columns import Columns, find_columns
from captcha_ocr.fetch.tables.listed_pictures import Row, first_is_there, listed_entries
from captcha_ocr.fetch.tables.table import Line, is_table_name, read_table
from captcha_ocr.fetch.tables.table_files import TableFile, check_together, table_named, tables_in
from captcha_ocr.params.params import FetchParams, TextParams


def _names(files: Files) -> list[str]:
    """The tables of a source; a .json is one only where no other is, since many tools leave one beside a table."""
    names = [name for name in files.names if is_table_name(name)]
    return [name for name in names if not name.lower().endswith(".json")] or names


def _chosen(files: Files) -> list[str]:
    """The tables that belong together; raises CaptchaOcrError where that is not plain."""
    names = _names(files)
    if not names:
        raise CaptchaOcrError(f"{files.place} holds no table: name one beside it in fetch.table in params.yaml")
    if metadata := [name for name in names if PurePosixPath(name).stem.lower() == "metadata"]:
        return metadata
    check_together(files, names)
    return names


def _cell(file: TableFile, line: Line, position: int | None) -> str | None:
    value: Any = None if position is None else line.cells[position]
    if isinstance(value, list | dict):
        raise CaptchaOcrError(f"{file.name}, line {line.number}: {value!r} is no text: correct it")
    return str(value).lower() if isinstance(value, bool) else value


def _row(file: TableFile, line: Line, columns: Columns) -> Row:
    picture, text = _cell(file, line, columns.picture), _cell(file, line, columns.text)
    where = f"{file.name}, line {line.number}"
    if not (picture or "").strip():
        raise CaptchaOcrError(f"{where} names no picture: complete the row, or remove it")
    split = named_split(_cell(file, line, columns.split) or "", where) or file.split
    return Row(file.name, line.number, file.folder, picture or "", text, split)


def _rows(file: TableFile, picture: str = "", text: str = "", split: str = "") -> Iterator[Row]:
    table = read_table(file.content, file.name)
    columns = find_columns(table, picture, text, split)
    return (_row(file, line, columns) for line in table.lines)


def recognises(files: Files) -> bool:
    """Whether tables have columns with usual names, and the first row names a picture that is there."""
    return first_is_there(files, lambda: _rows(tables_in(files, _chosen(files))[0]))


def entries(files: Files, fetch: FetchParams, text: TextParams) -> list[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError naming the table and the row that does not fit."""
    tables = [table_named(files, fetch.table, _names(files))] if fetch.table else tables_in(files, _chosen(files))
    columns = (fetch.picture_column, fetch.text_column, fetch.split_column)
    return listed_entries(files, (row for table in tables for row in _rows(table, *columns)))
