"""Blur, noise and JPEG: what cameras and files do to a picture."""

import io

import numpy as np
from PIL import ImageFilter

from captcha_ocr.augmentation.images import Pixels, as_image, as_pixels, drawn_amount
from captcha_ocr.pictures.decoding import pixels_of

RADIUS = 0.025  # standard deviation of the strongest blur at strength 1, as a share of the height
LEVELS = 25  # standard deviation of the strongest noise at strength 1
QUALITY, LEAST_QUALITY = 85, 5  # by how much strength 1 lowers JPEG's quality of 100 at most; the least there is


def blur(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Gaussian blur."""
    radius = drawn_amount(strength, rng) * RADIUS * pixels.shape[0]
    return as_pixels(as_image(pixels).filter(ImageFilter.GaussianBlur(radius))) if radius else pixels


def noise(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Normal noise, of each pixel and channel its own."""
    deviation = np.float32(drawn_amount(strength, rng) * LEVELS)
    if not deviation:
        return pixels
    noisy = pixels + deviation * rng.standard_normal(pixels.shape, dtype=np.float32)
    return noisy.round().clip(0, 255).astype(np.uint8)


def jpeg(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Saved as JPEG of lower quality, and decoded again."""
    amount = drawn_amount(strength, rng)
    if not amount:
        return pixels
    file = io.BytesIO()
    as_image(pixels).save(file, "JPEG", quality=max(round(100 - QUALITY * amount), LEAST_QUALITY))
    return pixels_of(file.getvalue(), "a picture saved as JPEG")
