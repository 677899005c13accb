"""Small tables of pictures, as `used_pictures` gives them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd


def rows(labels: Sequence[str], columns: Mapping[str, Sequence[Any]] | None = None) -> pd.DataFrame:
    """A row for each label, all in training, 200 × 50 pixels and different from each other, but for `columns`."""
    digits = [f"{i:064x}" for i in range(len(labels))]
    frame = pd.DataFrame(
        {
            "file": [f"{i:04d}.png" for i in range(len(labels))],
            "label": list(labels),
            "given_split": "",
            "split": "train",
            "width": 200,
            "height": 50,
            "mode": "RGB",
            "pixels_sha256": digits,
            "phash": digits,
        }
    )
    return frame.assign(**{name: list(values) for name, values in (columns or {}).items()})
