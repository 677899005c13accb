"""The pictures of one side of the split: where they are, and as the network takes them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input


@dataclass(frozen=True)
class Pictures:
    """Paths and labels in the same order."""

    paths: list[Path]
    labels: list[str]


@dataclass(frozen=True)
class Samples:
    """File names, labels, and pictures [N, H, W, C] in the same order."""

    files: list[str]
    labels: list[str]
    inputs: NDArray[np.uint8]


def read_splits(path: Path) -> pd.DataFrame:
    """Columns file, label, split; labels stay text."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def side_of(splits: pd.DataFrame, side: str, folder: Path) -> Pictures:
    """The pictures of `side`, in the order of their names."""
    rows = splits[splits["split"] == side].sort_values("file")
    return Pictures([folder / name for name in rows["file"]], rows["label"].tolist())


def load_samples(splits: pd.DataFrame, side: str, folder: Path, image: InputSize) -> Samples:
    """The pictures of `side`, in the order of their names."""
    pictures = side_of(splits, side, folder)
    inputs = np.empty((len(pictures.paths), image.height, image.width, image.channels), dtype=np.uint8)
    for row, path in zip(inputs, pictures.paths, strict=True):
        row[:] = to_input(pixels_of(path, path.name), image)
    return Samples([path.name for path in pictures.paths], pictures.labels, inputs)
