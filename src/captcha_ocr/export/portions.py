"""Goes through labelled pictures in portions, so that memory does not grow with their number."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.pictures.decoding import pixels_of

PORTION = 256  # pictures that are decoded at a time


@dataclass(frozen=True)
class Portion:
    """Names and decoded pixels, uint8 [H, W, C], of some pictures, in the same order."""

    names: list[str]
    pixels: list[NDArray[np.uint8]]


def portions(pictures: LabelledPictures, size: int = PORTION) -> Iterator[Portion]:
    """All pictures in order, each decoded once; at most `size` together."""
    remaining = pictures.pictures()
    while some := list(islice(remaining, size)):
        yield Portion([p.file for p in some], [pixels_of(p.content, p.file) for p in some])
