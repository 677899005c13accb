"""reports/predictions.csv: what the network reads of the test split."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table, Texts

WORST_FIRST = ["edit_distance", "confidence", "file"]


def worst_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with the columns of Predictions: most edits first, among equals the least sure, then by file name."""
    return frame.sort_values(WORST_FIRST, ascending=[False, True, True], ignore_index=True)


@dataclass(frozen=True, eq=False)
class Predictions(Table):
    """One row a picture, the worst reading first.

    confidence: p(text | picture), calibrated. symbol_confidence: of the symbols in their order, set apart by spaces.
    edit_distance: Levenshtein's, of text from label.
    """

    file_name, written_by = "predictions.csv", "evaluate"

    file: Texts
    label: Texts
    text: Texts
    confidence: Numbers
    symbol_confidence: Texts
    edit_distance: Counts

    @property
    def exact(self) -> Any:
        """[N] booleans: whether the text is the label."""
        return self.edit_distance.to_numpy() == 0
