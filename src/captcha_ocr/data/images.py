"""From a picture to what the network sees: the one preprocessing, for training and reading alike."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize


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


def over_white(picture: Image.Image) -> Image.Image:
    """RGBA without transparency: what is transparent becomes white, as a viewer would show it, and never black."""
    coloured = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)


def to_grey(picture: Image.Image) -> Image.Image:
    """Grey levels (ITU-R 601) over white."""
    return over_white(picture).convert("L")


def to_input(picture: Image.Image, image: InputSize) -> NDArray[np.uint8]:
    """[height, width, channels] of a picture of any size and mode."""
    flat = to_grey(picture) if image.channels == 1 else over_white(picture).convert("RGB")
    if flat.size != (image.width, image.height):
        flat = flat.resize((image.width, image.height), Image.Resampling.BILINEAR)
    return np.asarray(flat, dtype=np.uint8).reshape(image.height, image.width, image.channels)


def load_inputs(paths: Sequence[Path], image: InputSize) -> NDArray[np.uint8]:
    """Network input [N, height, width, channels] of picture files."""
    batch = np.empty((len(paths), image.height, image.width, image.channels), dtype=np.uint8)
    for row, path in zip(batch, paths, strict=True):
        row[:] = to_input(open_picture(path), image)
    return batch
