"""Papers below the text, as colours float32 [H, W, 3] from 0 to 255."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.colours import Palette, coloured
from captcha_ocr.pretraining.dice import Dice

Paper = NDArray[np.float32]  # [H, W, 3]


def _tint(palette: Palette, dice: Dice, most: float = 0.5) -> NDArray[np.float32]:
    """A colour near the paper's: its distance is at most that share of the ink's."""
    shift = dice.between(0.15, most) * palette.room * dice.pick((-1, 1))
    tint = coloured(dice, float(palette.paper.mean()) + shift, dice.between(0, 1))
    # Another hue stays as near as another brightness.
    pull = min(1.0, most * palette.room / max(float(np.abs(tint - palette.paper).max()), 1.0))
    return np.asarray(palette.paper + (tint - palette.paper) * pull, np.float32)


def _mixed(palette: Palette, share: NDArray[np.float32], dice: Dice) -> Paper:
    """The paper's colour turning into a tint where `share`, [H, W] from 0 to 1, is high."""
    return np.asarray(palette.paper + (_tint(palette, dice) - palette.paper) * share[:, :, None], np.float32)


def _plain(height: int, width: int, palette: Palette, dice: Dice) -> Paper:
    return np.tile(palette.paper, (height, width, 1))


def _gradient(height: int, width: int, palette: Palette, dice: Dice) -> Paper:
    across, down = np.linspace(0, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32)[:, None]
    if dice.chance(0.2):
        share = np.hypot(across - dice.between(0, 1), down - dice.between(0, 1))
    else:
        slope = dice.between(0, 1)
        share = slope * (across if dice.chance(0.5) else 1 - across) + (1 - slope) * down
    return _mixed(palette, share.astype(np.float32), dice)


def _clouds(height: int, width: int, palette: Palette, dice: Dice) -> Paper:
    """Smooth blotches of several sizes, as clouds, stains and rough paper have."""
    share = np.zeros((height, width), np.float32)
    cell, weight = dice.between(0.3, 1.5) * height, 0.5
    for _ in range(dice.whole(1, 3)):
        knots = dice.rng.random((int(height / cell) + 2, int(width / cell) + 2), dtype=np.float32)
        share += weight * cv2.resize(knots, (width, height), interpolation=cv2.INTER_CUBIC)
        cell, weight = max(cell / 2.5, 1), weight * 0.7
    return _mixed(palette, share, dice)


def _stripes(height: int, width: int, palette: Palette, dice: Dice) -> Paper:
    """Stripes in any direction, or a grid of them; wide or hairlines, soft or sharp."""
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)[:, None]
    period, turn = dice.log_between(4, 0.8 * height), dice.pick((0.0, np.pi / 2, dice.between(0, np.pi)))
    directions = (turn, turn + np.pi / 2) if dice.chance(0.4) else (turn,)
    thin = dice.between(-0.9, 0.9)
    share = np.zeros((height, width), np.float32)
    for direction in directions:
        wave = np.cos((x * np.cos(direction) + y * np.sin(direction)) * (2 * np.pi / period))
        share = np.maximum(share, (wave > thin) if dice.chance(0.6) else 0.5 + 0.5 * wave)
    return _mixed(palette, share.astype(np.float32), dice)


def _patches(height: int, width: int, palette: Palette, dice: Dice) -> Paper:
    """Rectangles, discs and polygons in colours near the paper's."""
    paper = _plain(height, width, palette, dice)
    for _ in range(dice.whole(3, 14)):
        colour = [float(level) for level in _tint(palette, dice)]
        x, y, size = dice.between(0, width), dice.between(0, height), dice.between(0.1, 0.7) * height
        form = dice.whole(0, 2)
        if form == 0:
            end = (int(x + dice.between(0.5, 3) * size), int(y + size))
            cv2.rectangle(paper, (int(x - size), int(y - size)), end, colour, -1)
        elif form == 1:
            cv2.circle(paper, (int(x), int(y)), int(size), colour, -1, cv2.LINE_AA)
        else:
            corners = ((dice.rng.random((3, 2)) - 0.5) * 2.5 * size + (x, y)).astype(np.int32)
            cv2.fillPoly(paper, [corners], colour, cv2.LINE_AA)
    return paper


def _mosaic(height: int, width: int, palette: Palette, dice: Dice) -> Paper:
    """Squares of random brightness, from single pixels on."""
    cell = dice.log_between(1, 0.4 * height)
    knots = dice.rng.random((int(height / cell) + 1, int(width / cell) + 1), dtype=np.float32)
    share = cv2.resize(knots, (width, height), interpolation=cv2.INTER_NEAREST)
    return _mixed(palette, np.asarray(share, np.float32), dice)


BACKGROUNDS: dict[str, Callable[[int, int, Palette, Dice], Paper]] = {
    "plain": _plain,
    "gradient": _gradient,
    "clouds": _clouds,
    "stripes": _stripes,
    "patches": _patches,
    "mosaic": _mosaic,
}
_EASY = {"plain": 0.7, "gradient": 0.2, "clouds": 0.1}
_HARD = {"plain": 0.33, "gradient": 0.17, "clouds": 0.17, "stripes": 0.13, "patches": 0.1, "mosaic": 0.1}


def random_paper(height: int, width: int, palette: Palette, dice: Dice, hardness: float) -> Paper:
    """A paper of that size by one of `BACKGROUNDS`."""
    return BACKGROUNDS[dice.weighted(_HARD if dice.chance(2 * hardness) else _EASY)](height, width, palette, dice)
