"""Strokes and erasing: what covers a part of the text."""

import numpy as np
from PIL import Image, ImageDraw

from captcha_ocr.augmentation.images import Pixels, as_image, as_pixels, random_point

SAMPLED = 16  # pixels of which one gives a stroke its colour
STEPS = 12  # straight pieces of a stroke
WIDTH = (1.0, 0.06)  # thinnest stroke in pixels, and widest as a share of the height
LENGTH = (0.2, 0.8)  # of a stroke, as a share of the width
SIDES = (0.1, 0.35)  # of an erased rectangle, as a share of the height
FINE = 2  # strokes are drawn so many times as large, and reduced: their edges are smooth


def _ink(pixels: Pixels, rng: np.random.Generator) -> tuple[int, ...]:
    """The colour of some pixels that differs most from their mean: mostly that of the text, and not of the ground."""
    height, width, _ = pixels.shape
    colours = pixels[rng.integers(height, size=SAMPLED), rng.integers(width, size=SAMPLED)].astype(int)
    distances = np.abs(colours - colours.mean(axis=0)).sum(axis=1)
    return tuple(colours[distances.argmax()].tolist())


def _curve(width: int, height: int, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Points of a quadratic Bézier curve."""
    start, length = rng.uniform(-0.1, 0.7) * width, rng.uniform(*LENGTH) * width
    x = start + length * np.array([0, rng.uniform(0.2, 0.8), 1])
    y = rng.uniform(0, height, 3)
    t = np.linspace(0, 1, STEPS + 1)[:, None]
    weights = np.concatenate([(1 - t) ** 2, 2 * t * (1 - t), t**2], axis=1)  # [STEPS + 1, 3]
    return list(zip((weights @ x).tolist(), (weights @ y).tolist(), strict=True))


def strokes(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Draws curves across a picture, on average `strength` of them, mostly in the colour of its text."""
    count = rng.poisson(strength)
    if not count:
        return pixels
    height, width, _ = pixels.shape
    mask = Image.new("L", (FINE * width, FINE * height))
    thickest = max(WIDTH[1] * height, WIDTH[0])
    for _ in range(count):
        thickness = round(FINE * rng.uniform(WIDTH[0], thickest))
        ImageDraw.Draw(mask).line(_curve(*mask.size, rng), fill=255, width=thickness)
    image, ink = as_image(pixels), _ink(pixels, rng)
    image.paste(ink if len(ink) > 1 else ink[0], mask=mask.reduce(FINE))
    return as_pixels(image)


def erasing(pixels: Pixels, strength: float, rng: np.random.Generator) -> Pixels:
    """Covers rectangles, on average `strength` of them, each with the colour of a pixel of the picture."""
    erased, height = pixels.copy(), pixels.shape[0]
    for _ in range(rng.poisson(strength)):
        (top, left), colour = random_point(pixels, rng), pixels[random_point(pixels, rng)]
        rows, columns = np.ceil(rng.uniform(*SIDES, 2) * height).astype(int)
        erased[top : top + rows, left : left + columns] = colour
    return erased
