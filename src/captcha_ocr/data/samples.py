"""The pictures of one side of the split, as the network takes them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.core.input_size import InputSize
from captcha_ocr.data.images import load_inputs


@dataclass(frozen=True)
class Samples:
    """File names, labels, and pictures [N, H, W, C] in the same order."""

    files: list[str]
    labels: list[str]
    inputs: NDArray[np.uint8]


def read_splits(path: Path) -> pd.DataFrame:
    """Columns file, label, split; labels stay text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def load_samples(splits: pd.DataFrame, side: str, folder: Path, image: InputSize) -> Samples:
    """The pictures of `side`, in the order of their names."""
    rows = splits[splits["split"] == side].sort_values("file")
    files = rows["file"].tolist()
    inputs = load_inputs([folder / name for name in files], image)
    return Samples(files, rows["label"].tolist(), inputs)
