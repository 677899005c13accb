"""Pixels of a picture from a path, bytes, Pillow or an array. All later steps are in the graph of `preprocessing`."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.opening import DecodingErrors, check_size, open_picture

# A path, a file's bytes, a Pillow image, or pixels [H, W] or [H, W, C].
Source = str | Path | bytes | Image.Image | NDArray[np.uint8]


def _from_sixteen_bits(picture: Image.Image) -> Image.Image:
    """Grey levels of 16 bits as those of 8. Pillow's `convert` would cut off what is above 255."""
    levels = np.asarray(picture)
    grey = Image.fromarray((levels >> 8).astype(np.uint8))
    transparent = picture.info.get("transparency")  # one level
    if transparent is None:
        return grey
    alpha = Image.fromarray(np.where(levels == transparent, 0, 255).astype(np.uint8))
    return Image.merge("RGBA", (grey, grey, grey, alpha))


def eight_bit(picture: Image.Image, name: str) -> Image.Image:
    """The picture with 8 bits a channel: L for grey, RGB for colour, RGBA with transparency.

    Whoever looks at pixels takes this form, so that all see the same. Raises CaptchaOcrError for 32-bit pixels, whose
    white level is undefined, for a picture without pixels, for one of more than MAX_PIXELS, and for damaged ones.
    """
    check_size(*picture.size, name)
    if picture.mode in ("I", "F"):
        raise CaptchaOcrError(f"{name} has 32-bit pixels (mode {picture.mode}): save it with 8 bits a channel")
    with DecodingErrors(name):
        if picture.mode.startswith("I;16"):
            return _from_sixteen_bits(picture)
        if picture.has_transparency_data:
            return picture.convert("RGBA")
        return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def picture_pixels(picture: Image.Image, name: str) -> NDArray[np.uint8]:
    """The pixels of a Pillow image, uint8 [H, W, C]: C is 1 for grey, 3 for colour, 4 with transparency.

    Raises CaptchaOcrError as `eight_bit` does.
    """
    pixels = np.asarray(eight_bit(picture, name))
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _array_pixels(array: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    pixels = array[:, :, None] if array.ndim == 2 else array
    if array.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 2, 3, 4):
        raise CaptchaOcrError(
            f"{name} is an array of {array.dtype} and shape {array.shape}: pixels are uint8, [H, W] or [H, W, C] with "
            "C of 1 (grey), 2 (with alpha), 3 (RGB) or 4 (RGBA)"
        )
    check_size(pixels.shape[1], pixels.shape[0], name)
    return pixels


def pixels_of(source: Source, name: str) -> NDArray[np.uint8]:
    """The pixels of one picture, uint8 [H, W, C]; raises CaptchaOcrError with `name` if it cannot be decoded."""
    if isinstance(source, np.ndarray):
        return _array_pixels(source, name)
    if isinstance(source, Image.Image):
        return picture_pixels(source, name)
    if isinstance(source, str | Path | bytes):
        return picture_pixels(open_picture(source, name), name)
    raise CaptchaOcrError(f"{name} is a {type(source).__name__}: give a path, bytes, a Pillow image or an array")
