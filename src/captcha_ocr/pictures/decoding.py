"""Decodes a picture from a path, bytes, Pillow or an array. All later steps are in the graph of `preprocessing`."""

import io
import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError

# A path, a file's bytes, a Pillow image, or pixels [H, W] or [H, W, C].
Source = str | Path | bytes | Image.Image | NDArray[np.uint8]
MAX_PIXELS = 2**24  # far more than text needs; a small file could decode to many times that


def _check_size(width: int, height: int, name: str) -> None:
    if width * height == 0:
        raise CaptchaOcrError(f"{name} has {width} × {height} pixels: there is nothing to read")
    if width * height > MAX_PIXELS:
        raise CaptchaOcrError(
            f"{name} has {width} × {height} pixels, more than {MAX_PIXELS:,}: crop it to its text, or scale it down"
        )


def _check_pages(picture: Image.Image, name: str) -> None:
    """Of an animation the first picture is read, but the text of a document may be on any of its pages."""
    pages = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if pages > 1:
        raise CaptchaOcrError(f"{name} has {pages} pages: save each page with text as a picture of its own")


def open_picture(source: str | Path | bytes, name: str) -> Image.Image:
    """Opens and fully decodes a picture.

    Raises CaptchaOcrError with `name` if it is damaged, empty, too large, or a TIFF file of several pages.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # MAX_PIXELS is stricter
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as picture:
                _check_size(*picture.size, name)
                _check_pages(picture, name)
                picture.load()
                return picture
    except CaptchaOcrError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly anything for a damaged file
        raise CaptchaOcrError(f"{name} cannot be decoded ({error}): replace or remove it") from None


def picture_pixels(picture: Image.Image, name: str) -> NDArray[np.uint8]:
    """The pixels of a Pillow image, uint8 [H, W, C]: C is 1 for grey, 3 for colour, 4 with transparency.

    Raises CaptchaOcrError for 32-bit pixels, whose white level is undefined, for a picture without pixels, and for one
    of more than MAX_PIXELS.
    """
    _check_size(*picture.size, name)
    if picture.mode.startswith("I;16"):
        return (np.asarray(picture) >> 8).astype(np.uint8)[:, :, None]
    if picture.mode in ("I", "F"):
        raise CaptchaOcrError(f"{name} has 32-bit pixels (mode {picture.mode}): save it with 8 bits a channel")
    if picture.has_transparency_data:
        return np.asarray(picture.convert("RGBA"))
    grey = picture.mode in ("1", "L")
    pixels = np.asarray(picture.convert("L" if grey else "RGB"))
    return pixels[:, :, None] if grey else pixels


def _array_pixels(array: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    pixels = array[:, :, None] if array.ndim == 2 else array
    if array.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] not in (1, 2, 3, 4):
        raise CaptchaOcrError(
            f"{name} is an array of {array.dtype} and shape {array.shape}: pixels are uint8, [H, W] or [H, W, C] with "
            "C of 1 (grey), 2 (with alpha), 3 (RGB) or 4 (RGBA)"
        )
    _check_size(pixels.shape[1], pixels.shape[0], name)
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
