"""What the changes of pictures have in common: Pillow's form of pixels, and how much of a change a picture gets."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.uint8]  # [H, W, C], where C is 1 (grey) or 3 (RGB)


def as_image(pixels: Pixels) -> Image.Image:
    """The Pillow image of the same pixels."""
    return Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)


def as_pixels(image: Image.Image) -> Pixels:
    """The pixels of an image of the mode L or RGB."""
    pixels = np.asarray(image)
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def drawn_amount(strength: float, rng: np.random.Generator) -> float:
    """For every other picture 0: the network is also to see pictures as they are. Else up to `strength`, evenly."""
    return strength * max(0.0, rng.uniform(-1, 1))


def random_point(pixels: Pixels, rng: np.random.Generator) -> tuple[int, int]:
    """A row and a column."""
    return int(rng.integers(pixels.shape[0])), int(rng.integers(pixels.shape[1]))
