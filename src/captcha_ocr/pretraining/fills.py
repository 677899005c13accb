"""Gives ink its colours: from a line of text to a layer, uint8 [H, W, 4], of colours and alpha."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.colours import Colour, Palette
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.layout import Line

_FAINT = 70

Layer = NDArray[np.uint8]  # [H, W, 4]: red, green, blue, alpha; where alpha is 0, the colour of the nearest ink


def _solid(line: Line, palette: Palette, dice: Dice) -> NDArray[np.float32]:
    return np.broadcast_to(palette.ink, (*line.ink.shape, 3))


def _by_symbol(line: Line, palette: Palette, dice: Dice) -> NDArray[np.float32]:
    colours = np.stack([palette.another_ink(dice) for _ in range(int(line.owner.max()) + 1)])
    return np.asarray(colours[line.owner])


def _gradient(line: Line, palette: Palette, dice: Dice) -> NDArray[np.float32]:
    height, width = line.ink.shape
    ends = np.stack([palette.ink, palette.another_ink(dice)])
    across = dice.chance(0.6)
    share = np.linspace(0, 1, width if across else height, dtype=np.float32)[:, None]
    shades = ends[0] + (ends[1] - ends[0]) * share
    return np.broadcast_to(shades if across else shades[:, None], (height, width, 3))


def _textured(line: Line, palette: Palette, dice: Dice) -> NDArray[np.float32]:
    """Patches, or speckles, of two inks."""
    height, width = line.ink.shape
    coarse = dice.whole(1, 6)
    size = (max(2, height // coarse), max(2, width // coarse))
    share = cv2.resize(dice.rng.random(size, dtype=np.float32), (width, height), interpolation=dice.whole(0, 1))
    return np.asarray(palette.ink + (palette.another_ink(dice) - palette.ink) * share[:, :, None])


FILLS = {"solid": _solid, "by symbol": _by_symbol, "gradient": _gradient, "textured": _textured}


def fill(line: Line, palette: Palette, name: str, dice: Dice) -> Layer:
    """The line in colours of the palette, by one of `FILLS`."""
    layer = np.empty((*line.ink.shape, 4), np.uint8)
    layer[:, :, :3] = FILLS[name](line, palette, dice)
    layer[:, :, 3] = line.ink
    return layer


def with_border(layer: Layer, room: Sequence[int], colour: Sequence[float]) -> Layer:
    """The layer with pixels of one colour added above, below, at the left and at the right."""
    above, below, left, right = room
    return np.asarray(cv2.copyMakeBorder(layer, above, below, left, right, cv2.BORDER_CONSTANT, value=colour), np.uint8)


def with_shadow(layer: Layer, colour: Colour, right: int, down: int, strength: float) -> Layer:
    """The layer with a copy of its ink in another colour below it, moved by whole pixels."""
    padded = cv2.copyMakeBorder(layer, *(abs(down),) * 2, *(abs(right),) * 2, cv2.BORDER_REPLICATE)
    padded[:, :, 3] = 0
    ink = layer[:, :, 3]
    height, width = ink.shape
    padded[abs(down) : abs(down) + height, abs(right) : abs(right) + width, 3] = ink
    shadow = np.roll(padded[:, :, 3], (down, right), (0, 1)).astype(np.float32) * strength
    own = padded[:, :, 3:].astype(np.float32) / 255
    padded[:, :, :3] = colour + (padded[:, :, :3] - colour) * own
    padded[:, :, 3] = np.maximum(padded[:, :, 3], shadow)
    return np.asarray(padded, np.uint8)


def random_fill(dice: Dice, room: float, hardness: float) -> str:
    """One of `FILLS`. Inks that are less than `_FAINT` grey levels (`room`) from their paper have one colour."""
    if room < _FAINT:
        return "solid"
    shares = {"by symbol": 0.05 + 0.25 * hardness, "gradient": 0.15 * hardness, "textured": 0.12 * hardness}
    return dice.weighted({"solid": 1.0, **shares})
