"""Counts how a number is distributed in each split."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from captcha_ocr.artifacts.splits import SIDES, Side

BINS = 30  # most bars of a histogram


@dataclass(frozen=True)
class Bar:
    """A bar: what it stands for, the pictures counted, and its height, of which 1 is the highest of all splits."""

    values: str
    pictures: int
    height: float


@dataclass(frozen=True)
class Histogram:
    """The bars of each split, from `low` to `high`; `middle` lies between them, or is empty.

    A height is a share of the split, so that splits can be compared.
    """

    title: str
    low: str
    middle: str
    high: str
    bars: dict[Side, list[Bar]]

    @property
    def constant(self) -> bool:
        """Whether all pictures have the same value."""
        return self.low == self.high


def _whole_edges(low: int, high: int) -> np.ndarray:
    """Edges of bins of equal whole width that hold all numbers from `low` to `high`."""
    width = -(-(high - low + 1) // BINS)
    return low + width * np.arange(-(-(high - low + 1) // width) + 1)


def _bin_names(edges: np.ndarray, written: Callable[[float], str]) -> list[str]:
    if np.issubdtype(edges.dtype, np.integer):
        return [str(a) if b - a == 1 else f"{a} to {b - 1}" for a, b in pairwise(edges)]
    return [f"{written(a)} to {written(b)}" for a, b in pairwise(edges)]


def histogram(title: str, values: pd.Series, sides: pd.Series) -> Histogram:
    """The distribution of `values` [N], whole numbers or fractions, in each of the splits `sides` [N]."""
    whole = pd.api.types.is_integer_dtype(values)
    low, high = values.min(), values.max()
    edges = _whole_edges(int(low), int(high)) if whole else np.linspace(low, high, BINS + 1)

    def written(value: float) -> str:
        return f"{value:,.0f}" if whole else f"{value:.2f}"

    names = _bin_names(edges, written)
    counts = {side: np.histogram(values[sides == side], edges)[0] for side in SIDES}
    shares = {side: found / max(1, found.sum()) for side, found in counts.items()}
    highest = max(float(found.max()) for found in shares.values())
    bars = {
        side: [Bar(*bar) for bar in zip(names, counts[side].tolist(), (shares[side] / highest).tolist(), strict=True)]
        for side in SIDES
    }
    middle = "" if whole and (low + high) % 2 else written((low + high) / 2)
    return Histogram(title, written(low), middle, written(high), bars)


def histograms(frame: pd.DataFrame) -> list[Histogram]:
    """Those of the page."""
    width, height = frame["width"], frame["height"]
    columns = {
        "Symbols in a label": frame["label"].str.len(),
        "Width in pixels": width,
        "Height in pixels": height,
        "Width for each pixel of height": width / height,
    }
    return [histogram(title, values, frame["split"]) for title, values in columns.items()]
