"""Contrast and colour: what changes each pixel by its own levels alone, so that a plain ground stays plain."""

import numpy as np

from captcha_ocr.augmentation.images import Pixels, as_image, as_pixels, drawn_amount

CONTRAST = 0.7  # strength 1 multiplies differences of levels by e to the power of -CONTRAST to +CONTRAST
BRIGHTNESS = 40  # levels that strength 1 adds or takes away at most
MIXING = 0.3  # share of another channel that strength 1 adds to a channel or takes from it, at most
TINT = 0.15  # part of its levels by which strength 1 changes a channel at most


def contrast(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Raises or lowers contrast and brightness."""
    amount = drawn_amount(strength, rng)
    if not amount:
        return pixels
    factor, shift = np.exp(CONTRAST * amount * rng.uniform(-1, 1)), BRIGHTNESS * amount * rng.uniform(-1, 1)
    mean = pixels.mean()
    levels = (np.arange(256) - mean) * factor + mean + shift
    table: Pixels = levels.round().clip(0, 255).astype(np.uint8)
    return table.take(pixels)


def colour(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Mixes the channels, which changes hues and saturation but not grey, and tints. A grey picture has no colour."""
    if pixels.shape[2] == 1 or not (amount := drawn_amount(strength, rng)):
        return pixels
    mixed = amount * MIXING * rng.uniform(-1, 1, (3, 3))
    np.fill_diagonal(mixed, 0)
    np.fill_diagonal(mixed, 1 - mixed.sum(axis=1))  # the shares of each channel sum to 1: grey stays grey
    tinted = mixed * (1 + amount * TINT * rng.uniform(-1, 1, (3, 1)))
    matrix = np.concatenate([tinted, np.zeros((3, 1))], axis=1)
    return as_pixels(as_image(pixels).convert("RGB", tuple(matrix.ravel().tolist())))
