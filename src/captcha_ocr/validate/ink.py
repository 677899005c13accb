"""Measures how far the symbols of a picture are connected."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

NEIGHBOURS = np.ones((3, 3))  # diagonal neighbours are connected too


def joined_ink(levels: NDArray[np.uint8]) -> float:
    """The share of the ink that is in its largest connected piece; levels [H, W], 0 is black.

    It is near 1 if the symbols touch or a line connects them, near 1 / length if they stand apart, and 0 without ink.
    A pixel counts as ink if it is darker than the mean of the 1st and the 99th percentile.
    """
    low, high = np.percentile(levels, (1, 99))
    pieces, number = label(levels < (low + high) / 2, structure=NEIGHBOURS)
    if number == 0:
        return 0.0
    sizes = np.bincount(pieces.ravel())[1:]
    return float(sizes.max() / sizes.sum())
