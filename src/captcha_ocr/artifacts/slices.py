"""reports/slices.csv: accuracy in parts of the test split."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table, Texts

SYMBOL, POSITION = "symbol", "position"  # the values of `by` for which samples are symbols; otherwise they are pictures


@dataclass(frozen=True, eq=False)
class Slices(Table):
    """One row for each part of the test split.

    by: the property that the split is divided by. slice: the value or range of it. samples: number of pictures, or of
    symbols where `by` is SYMBOL or POSITION. correct: how many of them were read without an error. share: correct /
    samples, with the ends low and high of its 95 % interval (Wilson 1927).
    """

    file_name, written_by = "slices.csv", "evaluate"

    by: Texts
    slice: Texts
    samples: Counts
    correct: Counts
    share: Numbers
    low: Numbers
    high: Numbers
