"""Colours of paper and ink that can be told apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice

Colour = NDArray[np.float32]  # [3]: red, green and blue from 0 to 255
_SCHEMES = {  # of paper and ink, with weights for pictures that are easy, and for those that are hard
    "black on white": (0.3, 0.12),
    "dark on light": (0.4, 0.28),
    "colour on light": (0.15, 0.2),
    "light on dark": (0.15, 0.14),
    "any": (0.0, 0.14),
    "faint": (0.0, 0.06),
    "light on white": (0.0, 0.04),
    "same brightness": (0.0, 0.02),
}


@dataclass(frozen=True, eq=False)
class Palette:
    """The colour of the paper, and the range of brightness and saturation that the ink's colours come from."""

    paper: Colour
    ink_luminance: tuple[float, float]
    ink_saturation: float
    ink: Colour

    @property
    def room(self) -> float:
        """How far paper and ink are apart, in grey levels: what disturbs them must stay below it."""
        distance = [float(ink - paper) for ink, paper in zip(self.ink, self.paper, strict=True)]
        return max(abs(brightness(distance)), 0.4 * max(map(abs, distance)))

    def another_ink(self, dice: Dice) -> Colour:
        """A colour as far from the paper as the ink's own."""
        return coloured(dice, dice.between(*self.ink_luminance), self.ink_saturation)


def coloured(dice: Dice, luminance: float, saturation: float) -> Colour:
    """A colour of about that luminance (0 to 255); a saturation of 0 is grey, and 1 as vivid as can be."""
    hue = [dice.between(0, 1) for _ in range(3)]
    lowest, span = min(hue), max(max(hue) - min(hue), 1e-3)
    vivid = [255 * saturation * (level - lowest) / span for level in hue]
    shift = luminance - brightness(vivid)
    colour = [level + shift for level in vivid]
    for _ in range(2):  # what is cut off at black or white is made up for by the other channels
        if min(colour) >= 0 and max(colour) <= 255:
            break
        colour = [min(max(level, 0.0), 255.0) for level in colour]
        shift = luminance - brightness(colour)
        colour = [level + shift for level in colour]
    return np.array([min(max(level, 0.0), 255.0) for level in colour], np.float32)


def brightness(colour: Sequence[float] | Colour) -> float:
    """The luminance of a colour, from 0 to 255."""
    return float(0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2])  # ITU-R 601


def _palette(paper: Colour, low: float, high: float, saturation: float, dice: Dice) -> Palette:
    low, high = max(low, 0.0), min(high, 255.0)
    return Palette(paper, (low, high), saturation, coloured(dice, dice.between(low, high), saturation))


def random_palette(dice: Dice, hardness: float) -> Palette:
    """Colours of a random scheme. The harder a picture, the less they differ."""
    weights = {scheme: easy * (1 - hardness) + hard * hardness for scheme, (easy, hard) in _SCHEMES.items()}
    scheme, vivid = dice.weighted(weights), dice.between(0, 1)
    white = np.full(3, 255, np.float32)
    if scheme == "black on white":
        return _palette(white if dice.chance(0.7) else white - dice.between(0, 30), 0, 30, 0.0, dice)
    if scheme == "dark on light":
        return _palette(coloured(dice, dice.between(180, 255), 0.5 * vivid), 0, 90, dice.between(0, 1), dice)
    if scheme == "colour on light":
        return _palette(coloured(dice, dice.between(215, 255), 0.4 * vivid), 60, 145, 1.0, dice)
    if scheme == "light on dark":
        return _palette(coloured(dice, dice.between(0, 90), vivid), 165, 255, dice.between(0, 1), dice)
    if scheme == "light on white":
        return _palette(white - dice.between(0, 10), 165, 205, 1.0, dice)
    if scheme == "same brightness":
        return _opposites(dice)
    luminance = dice.between(30, 225)
    nearest, farthest = (60, 140) if scheme == "any" else (32, 55)
    lighter = luminance < farthest or (luminance < 255 - farthest and dice.chance(0.5))
    ends = sorted(luminance + (nearest, farthest)[i] * (1 if lighter else -1) for i in (0, 1))
    return _palette(coloured(dice, luminance, vivid), ends[0], ends[1], dice.between(0, 1), dice)


def _opposites(dice: Dice) -> Palette:
    """Paper and ink of about the same luminance and of opposite hues."""
    luminance = dice.between(90, 160)
    paper = coloured(dice, luminance, 1.0)
    ink = np.clip(2 * luminance - paper, 0, 255).astype(np.float32)
    shift = brightness(paper - ink) + dice.spread(12)
    return Palette(paper, (luminance, luminance), 1.0, np.clip(ink + shift, 0, 255).astype(np.float32))
