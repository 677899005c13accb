"""reports/predictions.csv: the network's reading of each test picture."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table, Texts

WORST_FIRST = ["edit_distance", "confidence", "file"]


def worst_first(frame: pd.DataFrame) -> pd.DataFrame:
    """Sorts rows with the columns of Predictions: most edits first, then lowest confidence, then file name."""
    return frame.sort_values(WORST_FIRST, ascending=[False, True, True], ignore_index=True)


@dataclass(frozen=True, eq=False)
class Predictions(Table):
    """One row for each picture, the worst reading first.

    confidence: p(text | picture), calibrated. symbol_confidence: one number for each symbol of the text, separated by
    spaces. edit_distance: Levenshtein distance between text and label.
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
        """Whether each text equals its label, booleans [N]."""
        return self.edit_distance.to_numpy() == 0
