"""Measures how far the symbols of a picture are connected."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from captcha_ocr.validate.levels import PLACES, SortedLevels

NEIGHBOURS = np.ones((3, 3), dtype=bool)  # diagonal neighbours are connected too


def ink_level(ordered: SortedLevels) -> float:
    """The level below which a pixel is ink, from the grey levels of all pixels.

    It is the mean of the 1st and the 99th percentile. If the ink is less than a hundredth of the picture, the 1st
    percentile is paper, and the level of the 10th darkest pixel takes its place.
    """
    low, high, darkest = ordered.percentile(1), ordered.percentile(99), ordered[PLACES - 1]
    return ((darkest if low > (darkest + high) / 2 else low) + high) / 2


def joined_ink(levels: NDArray[np.uint8], ordered: SortedLevels) -> float:
    """The share of the ink that is in its largest connected piece; `levels` [H, W], 0 is black, `ordered` the same.

    It is near 1 if the symbols touch or a line connects them, near 1 / length if they stand apart, and 0 without ink.
    """
    pieces, number = label(levels < ink_level(ordered), structure=NEIGHBOURS)
    if number == 0:
        return 0.0
    sizes = np.bincount(pieces.ravel())[1:]
    return float(sizes.max() / sizes.sum())
