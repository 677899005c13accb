"""How the ink of a picture hangs together."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

NEIGHBOURS = np.ones((3, 3))  # diagonal ones included


def joined_ink(levels: NDArray[np.uint8]) -> float:
    """Share of the ink that the largest connected piece holds; levels [H, W], 0 is black.

    Near 1 where a stroke runs through all symbols or they touch, near 1 / length where each stands alone. Ink is what
    is darker than halfway between the 1st and the 99th percentile. A picture without ink has 0.
    """
    low, high = np.percentile(levels, (1, 99))
    pieces, number = label(levels < (low + high) / 2, structure=NEIGHBOURS)
    if number == 0:
        return 0.0
    sizes = np.bincount(pieces.ravel())[1:]
    return float(sizes.max() / sizes.sum())
