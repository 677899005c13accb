"""The files of the tables that belong to a source: in it, or beside it in the project."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import common_folder, file_split


@dataclass(frozen=True)
class TableFile:
    """A table's file. folder: relative to the source's root. split: that of all its rows, None where it names none."""

    name: str
    folder: str
    content: bytes
    split: str | None = None


def tables_in(files: Files, names: Sequence[str]) -> list[TableFile]:
    """Tables of the source. One of several may be that of a split; the name of a single one says nothing of splits."""
    several = len(names) > 1
    return [
        TableFile(name, str(PurePosixPath(name).parent), files.read(name), file_split(name) if several else None)
        for name in names
    ]


def check_together(files: Files, names: Sequence[str]) -> None:
    """Raises CaptchaOcrError if there are several tables, and not each is named after a split."""
    if len(names) > 1 and not all(map(file_split, names)):
        raise CaptchaOcrError(
            f"{files.place} holds {len(names)} tables: {listed(names)}: name one in fetch.table in params.yaml, or "
            "name each after its split, as train.csv"
        )


def table_named(files: Files, table: str, others: Sequence[str]) -> TableFile:
    """The table that fetch.table names: in the source, or else a file of the project.

    Raises CaptchaOcrError with `others`, the tables of the source, if there is none.
    """
    for name in (table, common_folder(files.names) + table):
        if name in files.names:
            return tables_in(files, [name])[0]
    outside = project_root() / table
    if not outside.is_file():
        raise CaptchaOcrError(
            f"fetch.table = {table!r} is neither in {files.place} nor a file of the project: in the source there is "
            f"{listed(others) or 'no table'}"
        )
    folder = os.path.relpath(outside.parent, Path(files.place).absolute())
    return TableFile(table, Path(folder).as_posix(), outside.read_bytes())
