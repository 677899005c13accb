"""How the strokes of symbols are drawn: as the font has them, bolder, thinner, as outlines, broken."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.dice import Dice

PEN_MARGIN = 3  # pixels around a symbol, into which a pen may draw
_SQUARE = np.ones((3, 3), np.uint8)
_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_FIRST_OUTLINED = 20  # pixels of the capitals
_FAINT = 80  # grey levels
_FIRST_THINNED = 36  # pixels of the capitals from which strokes can lose a pixel at either side


@dataclass(frozen=True)
class Pen:
    """A way to draw strokes; `size` is in pixels."""

    form: Literal["printed", "bold", "thin", "hollow", "inner"] = "printed"
    size: int = 1

    def redraw(self, ink: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The strokes of `ink`, uint8 [H, W], with this pen."""
        if self.form == "bold":
            return np.asarray(cv2.dilate(ink, _CROSS, iterations=self.size))
        if self.form == "thin":
            # Where a stroke would vanish, some of it is kept.
            return np.asarray(np.maximum(cv2.erode(ink, _CROSS), ink // 2))
        if self.form == "hollow":
            return np.asarray(cv2.subtract(cv2.dilate(ink, _SQUARE, iterations=self.size), ink))
        if self.form == "inner":
            return np.asarray(cv2.subtract(ink, cv2.erode(ink, _SQUARE)))
        return ink


PRINTED = Pen()


def random_pen(dice: Dice, cap_height: float, room: float, hardness: float) -> Pen:
    """As printed for most texts; the rest are bold, thin or outlines that suit the height of the capitals, in pixels.

    Thin lines are for inks that are far from their paper: `room` is that distance in grey levels.
    """
    if not dice.chance(0.1 + 0.25 * hardness):
        return PRINTED
    large = cap_height >= _FIRST_THINNED
    visible = room > _FAINT
    forms = {
        "bold": 0.4,
        "hollow": 0.4 * (visible and cap_height > _FIRST_OUTLINED),
        "thin": 0.15 * (visible and large),
        "inner": 0.1 * (visible and large),
    }
    form = dice.weighted(forms)
    return Pen(form, 2 if large and dice.chance(0.3) else 1)  # type: ignore[arg-type]  # the keys are the literals
