"""reports/slices.csv: how well parts of the test split are read."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table, Texts

SYMBOL, POSITION = "symbol", "position"  # values of `by` where samples are symbols, and not pictures


@dataclass(frozen=True, eq=False)
class Slices(Table):
    """`correct` of `samples` were read: pictures, or symbols where `by` is SYMBOL or POSITION.

    share is of 1, with its 95 % interval (Wilson 1927) from low to high.
    """

    file_name, written_by = "slices.csv", "evaluate"

    by: Texts
    slice: Texts
    samples: Counts
    correct: Counts
    share: Numbers
    low: Numbers
    high: Numbers
