"""What cameras, printers and compression do to a picture, uint8 [H, W, 3]."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice

Picture = NDArray[np.uint8]  # [H, W, 3]


def _blurred(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    sigma = 0.35 + dice.between(0, 0.035) * cap_height * strength
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma))


def _shaken(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    """Blurred in one direction, as a camera in motion does it."""
    length = 2 + round(0.12 * cap_height * strength * dice.between(0.3, 1))
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = dice.between(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    start, end = ((length + sign * reach).round().astype(int).tolist() for sign in (-1, 1))
    cv2.line(kernel, start, end, 1.0)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()))


def _compressed(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    quality = round(dice.between(95 - 70 * strength, 95))
    return np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], cv2.IMREAD_COLOR)
    )


def _coarse(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    """Scaled down, to capitals of at least eight pixels, and up again: soft, or in visible pixels."""
    height, width = picture.shape[:2]
    factor = max(8 / cap_height, dice.between(1 - 0.65 * strength, 1))
    if factor >= 1:
        return picture
    small = cv2.resize(picture, (round(width * factor), round(height * factor)), interpolation=dice.pick((1, 3)))
    return np.asarray(cv2.resize(small, (width, height), interpolation=dice.pick((0, 1, 2))))


def _sharpened(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    share = dice.between(0.3, 1.5)
    return np.asarray(cv2.addWeighted(picture, 1 + share, cv2.GaussianBlur(picture, (0, 0), 1.2), -share, 0))


def _noisy(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    """With noise of each pixel; grey, or by colour."""
    height, width = picture.shape[:2]
    noise = dice.rng.standard_normal((height, width, dice.pick((1, 3))), dtype=np.float32)
    return np.asarray(np.clip(picture + noise * np.float32(3 + dice.between(0, 22) * strength), 0, 255), np.uint8)


def _quantised(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    """In few levels of each colour, as a palette or an old screen has them."""
    step = 255 / dice.whole(2, 7)
    return np.asarray(cv2.LUT(picture, (np.rint(np.arange(256) / step) * step).clip(0, 255).astype(np.uint8)))


def _lit(picture: Picture, cap_height: float, dice: Dice, strength: float) -> Picture:
    """With another gamma and less contrast."""
    levels = (np.arange(256) / 255) ** dice.log_between(0.6, 1.6)
    low, high = dice.between(0, 60) * strength, 255 - dice.between(0, 60) * strength
    return np.asarray(cv2.LUT(picture, (low + (high - low) * levels).astype(np.uint8)))


def grey(picture: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB))


DEGRADATIONS: dict[str, Callable[[Picture, float, Dice, float], Picture]] = {
    "blurred": _blurred,
    "shaken": _shaken,
    "compressed": _compressed,
    "coarse": _coarse,
    "sharpened": _sharpened,
    "noisy": _noisy,
    "quantised": _quantised,
    "lit": _lit,
}
_WEIGHTS = dict(zip(DEGRADATIONS, (2.0, 0.7, 3.0, 1.2, 0.6, 2.0, 0.5, 1.0), strict=True))


def degraded(picture: Picture, cap_height: float, dice: Dice, hardness: float) -> Picture:
    """The picture after none, one or two of `DEGRADATIONS`, which keep capitals of `cap_height` pixels readable."""
    strength = hardness * min(1.0, 0.4 + cap_height / 50)
    if dice.chance(0.25 + 0.45 * hardness):
        picture = DEGRADATIONS[dice.weighted(_WEIGHTS)](picture, cap_height, dice, strength)
        if dice.chance(0.3 * hardness):
            picture = DEGRADATIONS[dice.weighted(_WEIGHTS)](picture, cap_height, dice, strength / 2)
    return picture
