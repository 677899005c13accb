"""`table`: tables name the pictures, their labels and, where they have them, their splits.

So do fast-plate-ocr's annotations (`image_path`, `plate_text`) and the `metadata.csv` or `metadata.jsonl` in each
folder of a Hugging Face `imagefolder`.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry, common_folder, file_split, named_split
from captcha_ocr.fetch.tables.columns import Columns, find_columns
from captcha_ocr.fetch.tables.listed_pictures import PictureFinder, Row, listed_entries
from captcha_ocr.fetch.tables.table import Line, is_table_name, read_table
from captcha_ocr.params.params import FetchParams, TextParams


@dataclass(frozen=True)
class _File:
    """A table's file. folder: relative to the source's root. split: that of all its rows, None where it names none."""

    name: str
    folder: str
    content: bytes
    split: str | None = None


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
    if len(names) > 1 and not all(file_split(name) for name in names):
        raise CaptchaOcrError(
            f"{files.place} holds {len(names)} tables: {listed(names)}: name one in fetch.table in params.yaml, or "
            "name each after its split, as train.csv"
        )
    return names


def _in_source(files: Files, names: Sequence[str]) -> list[_File]:
    """Tables of the source. One of several may be that of a split; the name of a single one says nothing of splits."""
    several = len(names) > 1
    return [
        _File(name, str(PurePosixPath(name).parent), files.read(name), file_split(name) if several else None)
        for name in names
    ]


def _named(files: Files, table: str) -> _File:
    """The table that fetch.table names: in the source, or else a file of the project."""
    for name in (table, common_folder(files.names) + table):
        if name in files.names:
            return _in_source(files, [name])[0]
    outside = project_root() / table
    if not outside.is_file():
        raise CaptchaOcrError(
            f"fetch.table = {table!r} is neither in {files.place} nor a file of the project: in the source there is "
            f"{listed(_names(files)) or 'no table'}"
        )
    folder = os.path.relpath(outside.parent, Path(files.place).absolute())
    return _File(table, Path(folder).as_posix(), outside.read_bytes())


def _text(file: _File, line: Line, position: int) -> str | None:
    value: Any = line.cells[position]
    if isinstance(value, list | dict):
        raise CaptchaOcrError(f"{file.name}, line {line.number}: {value!r} is no text: correct it")
    return str(value).lower() if isinstance(value, bool) else value


def _row(file: _File, line: Line, columns: Columns) -> Row:
    picture, text = _text(file, line, columns.picture), _text(file, line, columns.text)
    split = None if columns.split is None else _text(file, line, columns.split)
    where = f"{file.name}, line {line.number}"
    if not (picture or "").strip():
        raise CaptchaOcrError(f"{where} names no picture: complete the row, or remove it")
    given = named_split(split or "", where) or file.split
    return Row(file.name, line.number, file.folder, picture or "", text, given)


def _rows(file: _File, picture: str = "", text: str = "", split: str = "") -> Iterator[Row]:
    table = read_table(file.content, file.name)
    columns = find_columns(table, picture, text, split)
    return (_row(file, line, columns) for line in table.lines)


def recognises(files: Files) -> bool:
    """Whether tables have columns with usual names, and the first row names a picture that is there."""
    try:
        first = next(_rows(_in_source(files, _chosen(files))[0]), None)
    except CaptchaOcrError:
        return False
    return first is not None and PictureFinder(files).find(first.picture, first.folder) is not None


def entries(files: Files, fetch: FetchParams, text: TextParams) -> list[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError naming the table and the row that does not fit."""
    tables = [_named(files, fetch.table)] if fetch.table else _in_source(files, _chosen(files))
    columns = (fetch.picture_column, fetch.text_column, fetch.split_column)
    return listed_entries(files, (row for table in tables for row in _rows(table, *columns)))
