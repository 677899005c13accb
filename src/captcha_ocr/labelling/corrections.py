"""Brings corrected labels into the table that the labels of the data set come from."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.files import write_bytes
from captcha_ocr.labelling.csv_form import new_form
from captcha_ocr.labelling.table import LabelTable


def _rows_by_file(table: LabelTable, files: Mapping[str, str]) -> dict[str, str]:
    """The row of the table for each of the data set's `files`.

    A row may name more folders than the data set, which leaves out those that all pictures lie in. Raises
    CaptchaOcrError naming the files that have no row, or more than one.
    """
    ends: dict[str, list[str]] = {}
    for row in table.texts:
        parts = row.replace("\\", "/").removeprefix("./").split("/")
        for start in range(len(parts)):
            ends.setdefault("/".join(parts[start:]), []).append(row)
    wrong = [file for file in files if len(ends.get(file, [])) != 1]
    if wrong:
        raise CaptchaOcrError(
            f"{table.path.name} has no row, or more than one, for {listed(wrong)}: correct these by hand in the table, "
            "and remove them from the corrections"
        )
    return {file: ends[file][0] for file in files}


def begin_table(path: Path, shards: PictureShards) -> None:
    """Writes a new table of all pictures of the data set, their labels and, where the source gives them, splits."""
    rows = {picture.file: [picture.file, picture.text or "", picture.split or ""] for picture in shards}
    form = new_form(path)
    if any(split for _, _, split in rows.values()):
        form = replace(form, columns=(*form.columns, "split"))
    content = form.render({file: cells[: len(form.columns)] for file, cells in rows.items()})
    write_bytes(path, content, durable=True)


def correct(table: LabelTable, corrections: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Sets the text of each picture of the data set in `corrections`, in one write.

    Returns the labels that changed: old and new by row. Raises CaptchaOcrError, and changes nothing, if a picture has
    no row of its own.
    """
    rows, before = _rows_by_file(table, corrections), table.texts
    changed = {rows[file]: text for file, text in corrections.items() if before[rows[file]] != text}
    table.put_all(changed)
    return {row: (before[row], text) for row, text in changed.items()}


def read_corrections(path: Path) -> dict[str, str]:
    """The texts in a table that `captcha-ocr label` wrote; raises CaptchaOcrError if there are none."""
    if not path.is_file():
        raise CaptchaOcrError(f"{path} does not exist: write it with captcha-ocr label SHEET --to {path}")
    with LabelTable(path) as table:
        texts = {file: text for file, text in table.texts.items() if text}
    if not texts:
        raise CaptchaOcrError(f"{path} holds no label: answer some with captcha-ocr label SHEET --to {path}")
    return texts
