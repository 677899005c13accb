"""Distorts what is on a page from pixel to pixel: waves, rings, swirls and elastic shifts."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fills import Layer

Shifts = tuple[NDArray[np.float32], NDArray[np.float32]]  # [H, W] each: pixels along x and along y


def _waves(x: NDArray[np.float32], y: NDArray[np.float32], scale: float, dice: Dice, strength: float) -> Shifts:
    """A wave along each axis: long ones bend strokes, short ones roughen edges."""
    shifts = []
    for along in (y, x):
        length = scale * dice.log_between(0.15, 2.5)
        size = dice.between(0.2, 1) * strength * min(0.14 * length, 0.09 * scale)
        wave = size * np.sin(along * (2 * np.pi / length) + dice.between(0, 2 * np.pi))
        shifts.append(np.broadcast_to(wave, (y.shape[0], x.shape[1])))
    return shifts[0], shifts[1]


def _rings(x: NDArray[np.float32], y: NDArray[np.float32], scale: float, dice: Dice, strength: float) -> Shifts:
    """Rings of water about a point, fading outwards."""
    right, down = x - dice.between(0, x.shape[1]), y - dice.between(0, y.shape[0])
    distance = np.sqrt(right * right + down * down) + 1
    length, reach = dice.log_between(2, 0.8 * scale), scale * dice.between(1, 5)
    size = dice.between(0.3, 1) * strength * min(0.35 * length, 0.08 * scale)
    shift = size * np.sin(distance * (2 * np.pi / length) + dice.between(0, 6)) * np.exp(-((distance / reach) ** 2))
    return shift * right / distance, shift * down / distance


def _swirl(x: NDArray[np.float32], y: NDArray[np.float32], scale: float, dice: Dice, strength: float) -> Shifts:
    """Turns the page about a point, less and less outwards."""
    right, down = x - dice.between(0, x.shape[1]), y - dice.between(0.3, 0.7) * y.shape[0]
    angle = dice.spread(0.35 * strength) * np.exp(-(right * right + down * down) / (scale * dice.between(0.8, 2)) ** 2)
    return -angle * down, angle * right


def _elastic(x: NDArray[np.float32], y: NDArray[np.float32], scale: float, dice: Dice, strength: float) -> Shifts:
    """Smooth random shifts."""
    cell = scale * dice.between(0.3, 0.9)
    height, width = y.shape[0], x.shape[1]
    knots = dice.rng.random((int(height / cell) + 2, int(width / cell) + 2, 2), dtype=np.float32) * 2 - 1
    field = cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC) * np.float32(0.16 * cell * strength)
    return field[:, :, 0], field[:, :, 1]


DISTORTIONS: dict[str, Callable[..., Shifts]] = {"waves": _waves, "rings": _rings, "swirl": _swirl, "elastic": _elastic}


def distorted(layer: Layer, name: str, cap_height: float, dice: Dice, strength: float) -> Layer:
    """The layer after one of `DISTORTIONS`. `strength` is from 0 to 1; lengths follow the height of the capitals."""
    height, width = layer.shape[:2]
    x, y = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
    across, down = DISTORTIONS[name](x, y, cap_height, dice, strength)
    outside = [int(level) for level in layer[0, 0, :3]] + [0] * (layer.shape[2] - 3)
    at = (x + across).astype(np.float32), (y + down).astype(np.float32)
    smooth = cv2.INTER_LINEAR if dice.chance(0.8) else cv2.INTER_NEAREST
    return np.asarray(cv2.remap(layer, *at, smooth, borderMode=cv2.BORDER_CONSTANT, borderValue=outside))
