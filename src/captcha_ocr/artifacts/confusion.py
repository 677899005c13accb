"""reports/confusion.csv: which symbol was read as which."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Table, Texts


@dataclass(frozen=True, eq=False)
class Confusion(Table):
    """One row for each symbol in the alignment of texts with labels, for DVC's confusion plot.

    "∅" as `predicted` is a symbol that was left out, as `actual` a symbol that was added.
    """

    file_name, written_by = "confusion.csv", "evaluate"

    actual: Texts
    predicted: Texts
