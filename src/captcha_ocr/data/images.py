"""From a picture to what the network sees: the one preprocessing, for training and reading alike."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.core.errors import CaptchaOcrError


def open_picture(path: Path) -> Image.Image:
    """The whole decoded picture; raises CaptchaOcrError where it cannot be decoded or is suspiciously large."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as picture:
                picture.load()
                return picture
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise CaptchaOcrError(f"{path.name} cannot be decoded ({error}): replace or remove it") from None


def to_grey(picture: Image.Image) -> Image.Image:
    """Grey levels; what is transparent becomes white, as a viewer would show it, and never black."""
    coloured = picture.convert("RGBA")
    page = Image.new("RGBA", coloured.size, "white")
    return Image.alpha_composite(page, coloured).convert("L")


def to_input(picture: Image.Image, width: int, height: int) -> NDArray[np.uint8]:
    """Grey levels [height, width] of a picture of any size and mode."""
    grey = to_grey(picture)
    if grey.size != (width, height):
        grey = grey.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(grey, dtype=np.uint8)


def load_inputs(paths: Sequence[Path], width: int, height: int) -> NDArray[np.uint8]:
    """Network input [N, height, width, 1] of picture files."""
    batch = np.empty((len(paths), height, width, 1), dtype=np.uint8)
    for row, path in zip(batch, paths, strict=True):
        row[:, :, 0] = to_input(open_picture(path), width, height)
    return batch
