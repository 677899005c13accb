"""The style of Kaptcha, a captcha library for Java: text distorted as if under water, and two tapering curves.

The pictures follow the defaults of Kaptcha 2.3 (WaterRipple, DefaultNoise, DefaultBackground) and of the jhlabs filters
that it uses (WaterFilter, RippleFilter). Each number is varied about its default. The code was written for this
project. Lengths are for a height of 50 pixels and are scaled with the height.
"""

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw

from captcha_ocr.pretraining.drawing import Ink, bezier, resampled

DEFAULT_HEIGHT = 50
# The x coordinates of the four points of each curve, as shares of the width.
_CURVES = ((0.1, 0.1, 0.25, 0.25), (0.1, 0.25, 0.5, 0.9))
_OVERSAMPLING = 2  # of the curves, for smooth edges


def _about(value: float, rng: Generator, spread: float = 1.4) -> float:
    """`value` times a random factor between 1 / `spread` and `spread`."""
    return float(value * spread ** rng.uniform(-1, 1))


def _distorted_by_water(ink: Ink, scale: float, rng: Generator) -> Ink:
    """Distorts the ink: by rings about the centre, which blur outlines, and by a wave along each axis."""
    height, width = ink.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x = columns + scale * _about(2.6, rng) * np.sin(rows / (scale * _about(15, rng)) + rng.normal(0, 0.3))
    y = rows + scale * _about(1.7, rng) * np.sin(columns / (scale * _about(5, rng)) + rng.normal(0, 0.3))
    right, down = x - width * rng.normal(0.5, 0.05), y - height * 0.5
    distance = np.maximum(np.hypot(right, down), 1e-3)
    radius, length = scale * _about(50, rng), scale * _about(2, rng, spread=1.1)
    amplitude = _about(1.5, rng) * np.sin(distance * (2 * np.pi / length) - rng.uniform(0, 2 * np.pi))
    shift = amplitude * np.maximum(0, 1 - distance / radius) * length / distance
    return resampled(ink, x + right * shift, y + down * shift, smooth=True)


def _curves(width: int, height: int, scale: float, rng: Generator) -> Ink:
    """The ink of two cubic Bézier curves, drawn as straight pieces.

    The first pieces are thicker, so the curves taper.
    """
    page = Image.new("L", (_OVERSAMPLING * width, _OVERSAMPLING * height))
    draw, weight = ImageDraw.Draw(page), _about(0.9 * scale * _OVERSAMPLING, rng)
    for places in _CURVES:
        points = np.stack([np.array(places) + rng.normal(0, 0.01), rng.uniform(0, 1, 4)], axis=1) * page.size
        path = bezier(points, int(rng.integers(4, 8)))
        for i in range(len(path) - 1):
            draw.line([*path[i], *path[i + 1]], fill=255, width=max(1, round(weight * max(4 - i, 2))))
    return np.asarray(page.resize((width, height), Image.Resampling.BOX), dtype=np.float32) / 255


def kaptcha_picture(line: Image.Image, rng: Generator) -> Ink:
    """Shades [height, width] from 0 (black) to 1, for a `line` of text in ink levels.

    The text is distorted as if under water, two curves cross it, and the paper becomes brighter to the right.
    """
    scale = line.height / DEFAULT_HEIGHT
    distorted = _distorted_by_water(np.asarray(line, dtype=np.float32) / 255, scale, rng)
    ink = np.maximum(distorted, _curves(line.width, line.height, scale, rng))
    paper = np.linspace(rng.uniform(0.65, 0.85), rng.uniform(0.93, 1), line.width)
    return np.asarray(paper * (1 - ink) + rng.uniform(0, 0.15) * ink)
