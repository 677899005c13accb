"""Drawing functions shared by both styles of rendered captchas."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Ink = NDArray[Any]  # [H, W] floats: how much ink covers each pixel, 0 to 1


def resampled(ink: Ink, x: Ink, y: Ink, smooth: bool) -> Ink:
    """The ink at the positions (x, y) in pixels: interpolated between pixels if `smooth`, else of the nearest pixel."""
    height, width = ink.shape
    padded = np.zeros((height + 2, width + 2), dtype=np.float32)
    padded[1:-1, 1:-1] = ink
    flat = padded.ravel()
    x, y = np.clip(x + 1, 0, width + 0.999), np.clip(y + 1, 0, height + 0.999)
    if not smooth:
        return np.asarray(flat[np.rint(y).astype(np.int32) * (width + 2) + np.rint(x).astype(np.int32)])
    left, top = x.astype(np.int32), y.astype(np.int32)
    right_share, lower_share = x - left, y - top
    at = top * (width + 2) + left
    upper = flat[at] * (1 - right_share) + flat[at + 1] * right_share
    lower = flat[at + width + 2] * (1 - right_share) + flat[at + width + 3] * right_share
    return np.asarray(upper * (1 - lower_share) + lower * lower_share)


def bezier(points: NDArray[Any], count: int) -> NDArray[Any]:
    """`count` points, [count, 2], along the cubic Bézier curve of four points [4, 2], including both ends."""
    a, b, c, d = points
    t = np.linspace(0, 1, count)[:, None]
    return np.asarray((1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d)
