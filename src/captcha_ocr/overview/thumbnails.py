"""Small copies of pictures inside the page. Their number and size bound the page, whatever the data set."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.pages.data_uris import data_uri
from captcha_ocr.pictures.decoding import pixels_of

THUMBNAIL = (240, 120)  # largest width and height of a copy in pixels
INPUT = (480, 240)  # the same of what the network gets, whose pixels matter


def _uri(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=80, method=4)
    return data_uri("webp", file.getvalue())


def _as_image(pixels: NDArray[np.uint8]) -> Image.Image:
    """A Pillow image of pixels [H, W, C], where C is 1, 3 or 4; transparency is laid over white."""
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image


def _reduced(pixels: NDArray[np.uint8], size: tuple[int, int]) -> str:
    image = _as_image(pixels)
    image.thumbnail(size)
    return _uri(image)


def thumbnail(content: bytes, name: str) -> str:
    """The data URI of a small copy of the picture file `name`; raises CaptchaOcrError if it cannot be decoded."""
    return _reduced(pixels_of(content, name), THUMBNAIL)


def input_uri(pixels: NDArray[np.uint8]) -> str:
    """The data URI of a network's input, uint8 [H, W, C], pixel by pixel up to the size INPUT."""
    return _reduced(pixels, INPUT)
