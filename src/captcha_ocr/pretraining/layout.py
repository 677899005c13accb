"""Places the symbols of a text beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fonts import MARGIN, Face, Glyph, glyph, sharp_enough
from captcha_ocr.pretraining.strokes import PEN_MARGIN, PRINTED, Pen

Ink = NDArray[np.uint8]  # [H, W]: how much ink covers each pixel, 0 to 255
_SMALLEST_STEP = 0.55  # of a symbol's width, to the next symbol: more of it stays visible than is covered
_LEAST_INK = 230  # in the darkest pixel of a symbol, so that hairlines do not fade when they are scaled down


@dataclass(frozen=True)
class Spacing:
    """How symbols stand in their line. Lengths are shares of the height of capitals, `cap_height` in pixels."""

    cap_height: float
    stretch: float = 1.0  # of the width
    size_jitter: float = 0.0
    gap: float = 0.0
    gap_jitter: float = 0.0
    packed: bool = False  # the gap is between the ink of neighbours instead of being added to the font's own spacing
    rise: float = 0.0  # up or down from the baseline
    turn: float = 0.0  # degrees, to either side


@dataclass(frozen=True, eq=False)
class Line:
    """Ink of a text, uint8 [H, W], and the index of the symbol that each pixel belongs to, uint8 [H, W]."""

    ink: Ink
    owner: NDArray[np.uint8]
    cap_height: float


def _turned(shape: Glyph, wide: float, high: float, turn: float) -> tuple[Ink, float, float]:
    """The symbol scaled and then turned by `turn` degrees about its middle.

    Also returns where the left and upper end of its ink lie, in pixels from where the symbol begins on the baseline.
    """
    height, width = shape.ink.shape
    across, down = max(1, round(width * wide)), max(1, round(height * high))
    middle = (shape.left + width / 2) * wide, (shape.top + height / 2) * high
    ink = cv2.resize(shape.ink, (across, down), interpolation=cv2.INTER_AREA)
    if abs(turn) > 0.5:
        cosine, sine = cos(radians(turn)), sin(radians(turn))
        new = int(across * abs(cosine) + down * abs(sine)) + 2, int(across * abs(sine) + down * abs(cosine)) + 2
        shift = (
            new[0] / 2 - cosine * across / 2 - sine * down / 2,
            new[1] / 2 + sine * across / 2 - cosine * down / 2,
        )
        ink = cv2.warpAffine(ink, np.array([[cosine, sine, shift[0]], [-sine, cosine, shift[1]]]), new)
    return np.asarray(ink, np.uint8), middle[0] - ink.shape[1] / 2, middle[1] - ink.shape[0] / 2


def _inked(ink: Ink, pen: Pen) -> Ink:
    darkest = int(ink.max())
    if 0 < darkest < _LEAST_INK:
        ink = np.asarray(cv2.convertScaleAbs(ink, alpha=min(_LEAST_INK / darkest, 4.0)), np.uint8)
    if pen is PRINTED:
        return ink
    return pen.redraw(np.pad(ink, PEN_MARGIN))


def draw_line(text: str, faces: Sequence[Face], spacing: Spacing, pen: Pen, dice: Dice) -> Line:
    """The text with each symbol in the font of its place in `faces`, on a page that is just large enough."""
    level = sharp_enough(spacing.cap_height)
    boxes: list[tuple[Ink, int, int]] = []
    x = 0.0
    for symbol, face in zip(text, faces, strict=True):
        shape = glyph(face, symbol, level)
        high = spacing.cap_height / level * (1 + dice.spread(spacing.size_jitter))
        wide = high * spacing.stretch
        ink, left, top = _turned(shape, wide, high, dice.spread(spacing.turn))
        gap = spacing.cap_height * (spacing.gap + dice.spread(spacing.gap_jitter))
        width = ink.shape[1] - 2 * MARGIN * wide
        if spacing.packed:
            left, step = -MARGIN * wide, width + gap
        else:
            step = shape.advance * wide + gap
        y = top + spacing.cap_height * dice.spread(spacing.rise)
        redrawn = _inked(ink, pen)
        grown = (redrawn.shape[0] - ink.shape[0]) / 2
        boxes.append((redrawn, round(x + left - grown), round(y - grown)))
        x += max(step, _SMALLEST_STEP * width)
    return _page(boxes, spacing.cap_height)


def _page(boxes: list[tuple[Ink, int, int]], cap_height: float) -> Line:
    left, top = min(box[1] for box in boxes), min(box[2] for box in boxes)
    width = max(x + ink.shape[1] for ink, x, _ in boxes) - left
    height = max(y + ink.shape[0] for ink, _, y in boxes) - top
    page, owner = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    for index, (ink, x, y) in enumerate(boxes):
        place = (slice(y - top, y - top + ink.shape[0]), slice(x - left, x - left + ink.shape[1]))
        owner[place][ink > page[place]] = index
        np.maximum(page[place], ink, out=page[place])
    return Line(page, owner, cap_height)
