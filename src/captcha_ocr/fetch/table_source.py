"""A source that is a table itself: the pictures lie beside it."""

from collections.abc import Iterator
from pathlib import Path

from captcha_ocr.fetch.walking import walk
from captcha_ocr.pictures.endings import is_picture_name

# A file with one of these endings may be a table or a list of labels.
LIST_ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".txt")


def names_beside(table: Path) -> Iterator[str]:
    """The table, and all pictures in its folder and below, as relative paths.

    Hidden folders are left out: a table may lie in a project's root, beside what its tools keep.
    """
    yield table.name
    for folder, folders, names in walk(table.parent):
        folders[:] = [name for name in folders if not name.startswith(".")]
        below = Path(folder).relative_to(table.parent).as_posix()
        prefix = "" if below == "." else f"{below}/"
        yield from (prefix + name for name in names if is_picture_name(name))
