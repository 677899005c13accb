"""reports/confusion.csv: which symbol was read as which."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Table, Texts


@dataclass(frozen=True, eq=False)
class Confusion(Table):
    """One row a symbol of the test labels, as DVC's confusion template takes them; "∅": a missing or an added one."""

    file_name, written_by = "confusion.csv", "evaluate"

    actual: Texts
    predicted: Texts
