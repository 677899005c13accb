"""Measures grey levels: percentiles, and how far something stands out of the background."""

from math import floor

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

PLACES = 10  # so many of the darkest and of the brightest places decide; a single wrong pixel changes 9 of them
WINDOW = 8  # least distance in pixels up to which pixels are the surroundings of a place


class SortedLevels:
    """Values of small whole numbers in ascending order, kept as a histogram."""

    def __init__(self, levels: NDArray[np.integer], count: int) -> None:
        """`levels` is an array of any shape with values from 0 to `count` - 1."""
        self.up_to = np.bincount(levels.ravel(), minlength=count).cumsum()  # how many values are at most 0, 1, …
        self.number = int(self.up_to[-1])

    def __getitem__(self, place: int) -> int:
        """The value at `place`; a negative place counts from the end. Beyond the ends it is the first or the last."""
        wanted = place if place >= 0 else self.number + place
        return int(self.up_to.searchsorted(max(0, min(wanted, self.number - 1)), side="right"))

    def percentile(self, share: float) -> float:
        """What numpy.percentile gives, to the last bit."""
        place = (self.number - 1) * (share / 100)
        lower = floor(place)
        low, high = self[lower], self[lower + 1]
        part = place - lower
        return low + (high - low) * part if part < 0.5 else high - (high - low) * (1 - part)


def _means_of_nine(levels: NDArray[np.uint8]) -> NDArray[np.int16]:
    """The rounded mean of each pixel and its 8 neighbours, [H - 2, W - 2]; the pixels themselves if there are none."""
    wide = levels.astype(np.int16)
    if min(levels.shape) < 3:
        return wide
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:] + 4) // 9)


def contrast(grey: Image.Image, levels: NDArray[np.uint8]) -> int:
    """How far the darkest and the brightest places differ, each against its surroundings, from 0 to 510 grey levels.

    `levels` [H, W] are the pixels of `grey`. A place is a pixel with its 8 neighbours: the mean of nine takes away most
    of a sensor's noise, and leaves a third of the contrast of a line that is one pixel wide. The level of the
    surroundings is subtracted, since light that falls off over the page is no text. The 10th darkest and the 10th
    brightest place count, however large the page is, since thin strokes may be a thousandth of it.
    """
    height, width = levels.shape
    surroundings = np.asarray(grey.filter(ImageFilter.BoxBlur(max(WINDOW, min(width, height) // 8))))
    places = _means_of_nine(levels)
    margin = (height - places.shape[0]) // 2
    around = surroundings[margin : height - margin, margin : width - margin]
    differences = SortedLevels(places - around + 255, 511)
    return differences[-PLACES] - differences[PLACES - 1]
