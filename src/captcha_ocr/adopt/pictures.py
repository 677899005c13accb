"""Looks at pictures: at the size and mode of each, and at the pixels of some."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture, read_header
from captcha_ocr.validate.manifest import describe


@dataclass(frozen=True)
class Form:
    """The form of a picture: width and height in pixels, and Pillow's colour mode."""

    width: int
    height: int
    mode: str

    @property
    def aspect(self) -> float:
        """The width divided by the height."""
        return self.width / self.height


@dataclass(frozen=True)
class Look:
    """What the pixels of a picture say.

    digest: of the pixels, as the manifest has it. contrast: as the manifest has it. grey_range, colour_range: levels
    between the 1st and the 99th percentile of the grey picture, and of the colour channel where they are most.
    """

    digest: str
    contrast: float
    grey_range: float
    colour_range: float


def form_of(content: bytes) -> Form | None:
    """The form of a picture by the head of its file; None where that is damaged, which `validate` names."""
    try:
        picture = read_header(content, "picture")
    except CaptchaOcrError:
        return None
    return Form(picture.width, picture.height, picture.mode)


def _range(levels: Sequence[int]) -> float:
    """The levels between the 1st and the 99th percentile of a histogram of 256 levels."""
    shares = np.cumsum(levels) / sum(levels)
    return float(np.searchsorted(shares, 0.99) - np.searchsorted(shares, 0.01))


def _colour_ranges(stored: Picture) -> tuple[float, float]:
    """The ranges of the grey picture, and of the colour channel where it is widest."""
    colours = eight_bit(open_picture(stored.content, stored.file), stored.file).convert("RGB")
    histogram = colours.histogram()
    channels = [histogram[start : start + 256] for start in (0, 256, 512)]
    return _range(colours.convert("L").histogram()), max(map(_range, channels))


def looks_at(pictures: Sequence[Picture]) -> Iterator[tuple[str, Look]]:
    """File name and look of each picture that can be decoded."""
    for stored, row in zip(pictures, describe(pictures), strict=True):
        if "error" not in row:
            yield stored.file, Look(row["pixels_sha256"], row["contrast"], *_colour_ranges(stored))
