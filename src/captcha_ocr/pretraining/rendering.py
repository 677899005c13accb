"""Renders pictures of short texts in as many styles as possible: what the shipped weights are pre-trained on.

Each picture has a font, colours, a layout, a paper, disturbances, distortions and degradations of its own. No known
generator or data set is imitated: a network that has learnt all of this has to do with any.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.captchas import draw_captcha
from captcha_ocr.pretraining.composing import within_limits
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fonts import Face
from captcha_ocr.pretraining.scenes import SCENES
from captcha_ocr.pretraining.texts import random_text

EASY_SHARE = 0.3  # of the pictures: as printed
LEAST_HARDNESS = 0.15  # of all others
SCENE_SHARE = 0.12
_SCREEN_KINDS = ("segment", "pixel")


def render(faces: Sequence[Face], dice: Dice) -> tuple[NDArray[np.uint8], str]:
    """A picture, uint8 [H, W, 3], and the text that it shows, in a style drawn from `dice`."""
    hardness = 0.0 if dice.chance(EASY_SHARE) else dice.between(LEAST_HARDNESS, 1)
    scene = dice.pick(list(SCENES)) if dice.chance(SCENE_SHARE) else None
    face = dice.pick(faces)
    if scene == "screen" and dice.chance(0.7):
        face = dice.pick([face for face in faces if face.kind in _SCREEN_KINDS] or faces)
    text = random_text(dice, face.symbols)
    if scene:
        return within_limits(SCENES[scene](text, face, dice, hardness)), text
    return draw_captcha(text, face, faces, dice, hardness), text


def render_batch(count: int, seed: int, fonts: Sequence[Face]) -> tuple[list[NDArray[np.uint8]], list[str]]:
    """Renders `count` pictures, uint8 [H, W, 3] of sizes of their own, and their texts.

    The same seed and fonts give the same pictures; a picture does not depend on how many are rendered with it.
    """
    cv2.setNumThreads(0)  # so small are the pictures that threads cost more than they save
    rendered = [render(fonts, Dice(seed, number)) for number in range(count)]
    return [picture for picture, _ in rendered], [text for _, text in rendered]
