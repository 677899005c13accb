"""Bends a line of text as a whole: slope, shear, perspective, arcs and slow waves."""

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fills import Layer

_VISIBLE = 40  # of alpha: fainter edges do not count as ink


def cropped(layer: Layer) -> Layer:
    """The layer without the rows and columns around its ink."""
    x, y, width, height = cv2.boundingRect((layer[:, :, 3] > _VISIBLE).astype(np.uint8))
    return layer[y : y + height, x : x + width] if width else layer


def _plane(height: int, width: int, dice: Dice, strength: float) -> NDArray[np.float64]:
    """A homography [3, 3] that slopes, shears and tilts a page of that size about its middle."""
    slope = dice.spread(0.3 * strength) * min(1.0, 3 * height / width) if dice.chance(0.5) else 0.0
    shear = dice.spread(0.6 * strength) if dice.chance(0.5) else 0.0
    tilt = (dice.spread(0.4 * strength) / width, dice.spread(0.4 * strength) / height) if dice.chance(0.35) else (0, 0)
    centre = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    return np.asarray(np.array([[1, shear, 0], [slope, 1, 0], [*tilt, 1]]) @ centre)


def bent(layer: Layer, dice: Dice, strength: float) -> Layer:
    """The layer, sloped, sheared, tilted and bent at random; its page grows with it. `strength` is from 0 to 1."""
    height, width = layer.shape[:2]
    plane = _plane(height, width, dice, strength)
    corners = plane @ np.array([[0, width, 0, width], [0, 0, height, height], [1, 1, 1, 1]])
    corners = corners[:2] / corners[2]
    low, high = corners.min(axis=1), corners.max(axis=1)
    bow = dice.spread(0.3 * height * strength) if dice.chance(0.4) else 0.0
    swing = dice.between(0, 0.15 * height * strength) if dice.chance(0.4) else 0.0
    room = np.array([1, abs(bow) + swing + 1])
    low, high = low - room, high + room
    size = np.ceil(high - low).astype(int)
    u = np.arange(size[0], dtype=np.float32)[None] + np.float32(low[0])
    v = np.arange(size[1], dtype=np.float32)[:, None] + np.float32(low[1])
    v = v - bow * ((2 * u / size[0]) ** 2 - 0.5)
    if swing:
        v = v - swing * np.sin(u * (2 * np.pi / (dice.log_between(1.5, 6) * height)) + dice.between(0, 2 * np.pi))
    back = np.linalg.inv(plane).astype(np.float32)
    depth = back[2, 0] * u + back[2, 1] * v + back[2, 2]
    x = ((back[0, 0] * u + back[0, 1] * v + back[0, 2]) / depth).astype(np.float32)
    y = ((back[1, 0] * u + back[1, 1] * v + back[1, 2]) / depth).astype(np.float32)
    outside = [int(level) for level in layer[0, 0, :3]] + [0]
    return np.asarray(cv2.remap(layer, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=outside))
