"""Finds the columns of a table that name the picture, its label and its split."""

from dataclasses import dataclass

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.tables.table import Table
from captcha_ocr.pictures.endings import is_picture_name

# What the columns are usually called, in lower case.
PICTURE_COLUMNS = frozenset(
    {
        "file",
        "file_name",
        "filename",
        "file_path",
        "filepath",
        "image",
        "image_file",
        "image_name",
        "image_path",
        "img",
        "img_path",
        "path",
        "picture",
    }
)
TEXT_COLUMNS = frozenset(
    {
        "caption",
        "ground_truth",
        "gt",
        "label",
        "labels",
        "plate",
        "plate_text",
        "text",
        "transcript",
        "transcription",
        "word",
        "words",
    }
)
SPLIT_COLUMNS = frozenset({"split", "subset", "partition"})


@dataclass(frozen=True)
class Columns:
    """Positions of the columns in a table; `split` is None where it has none."""

    picture: int
    text: int
    split: int | None


def _shown(names: list[str]) -> str:
    return ", ".join(map(repr, names))


def _column(table: Table, chosen: str, known: frozenset[str], parameter: str) -> int | None:
    """The position of the column `chosen`, or if that is empty of the only one that `known` holds; None without one."""
    columns = list(table.columns)
    found = [c for c in columns if (c == chosen if chosen else c.strip().lower() in known)]
    if len(found) > 1:
        raise CaptchaOcrError(
            f"{table.name} has the columns {_shown(found)}: name one of them in fetch.{parameter} in params.yaml, and "
            "let no two have one name"
        )
    if chosen and not found:
        raise CaptchaOcrError(
            f"{table.name} has no column {chosen!r}, which fetch.{parameter} names: it has {_shown(columns)}"
        )
    return columns.index(found[0]) if found else None


def _required(table: Table, chosen: str, known: frozenset[str], parameter: str) -> int:
    position = _column(table, chosen, known, parameter)
    if position is not None:
        return position
    headless = any(is_picture_name(column) for column in table.columns)
    remedy = "add a header, as file_name,text" if headless else f"name one in fetch.{parameter} in params.yaml"
    raise CaptchaOcrError(
        f"{table.name} has no column with a usual name for the {parameter.removesuffix('_column')}: it has "
        f"{_shown(list(table.columns))}: {remedy}"
    )


def find_columns(table: Table, picture: str = "", text: str = "", split: str = "") -> Columns:
    """The columns called `picture`, `text` and `split`; where one is empty, the column with a usual name.

    Raises CaptchaOcrError naming the columns that are there, and the parameter, where one is missing or ambiguous.
    """
    return Columns(
        _required(table, picture, PICTURE_COLUMNS, "picture_column"),
        _required(table, text, TEXT_COLUMNS, "text_column"),
        _column(table, split, SPLIT_COLUMNS, "split_column"),
    )
