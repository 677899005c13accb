"""The steps that every look shares: a page around a line of text, and both laid over a paper."""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.backgrounds import Paper
from captcha_ocr.pretraining.colours import Palette
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fills import Layer, fill, with_border
from captcha_ocr.pretraining.fonts import Face
from captcha_ocr.pretraining.layout import Spacing, draw_line
from captcha_ocr.pretraining.strokes import PRINTED

LEAST_HEIGHT, MOST_HEIGHT = 28, 92  # pixels
LEAST_ASPECT, MOST_ASPECT = 1.3, 7.0  # width / height
SMALLEST, LARGEST = 13.0, 52.0  # pixels: heights of capitals


def on_page(layer: Layer, dice: Dice, cap_height: float, roomy: float = 1.0) -> Layer:
    """The layer with free room on all sides, so that height and aspect ratio lie within the limits above.

    What is too wide or too high is scaled down. Room follows the height of the capitals, in pixels, times `roomy`.
    """
    room = [round(cap_height * roomy * dice.between(0.04, most)) for most in (0.5, 0.5, 0.8, 0.8)]
    height, width = layer.shape[0] + room[0] + room[1], layer.shape[1] + room[2] + room[3]
    missing = max(LEAST_HEIGHT, round(width / MOST_ASPECT) if dice.chance(0.5) else 0) - height
    if missing > 0:
        above = dice.whole(0, missing)
        room[0], room[1] = room[0] + above, room[1] + missing - above
        height += missing
    if (missing := round(LEAST_ASPECT * height) - width) > 0:
        before = dice.whole(0, missing)
        room[2], room[3] = room[2] + before, room[3] + missing - before
        width += missing
    outside = [int(level) for level in layer[0, 0, :3]] + [0]
    return within_limits(with_border(layer, room, outside))


def within_limits(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture or layer, scaled down where it is too high, or too wide for its height."""
    height, width = picture.shape[:2]
    factor, narrower = min(1.0, MOST_HEIGHT / height), min(1.0, MOST_ASPECT * height / width)
    if factor == narrower == 1:
        return picture
    size = (max(1, round(width * factor * narrower)), max(1, round(height * factor)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA))


def laid_over(layer: Layer, paper: Paper) -> NDArray[np.uint8]:
    """The layer on the paper, uint8 [H, W, 3]."""
    alpha = layer[:, :, 3:].astype(np.float32) * np.float32(1 / 255)
    picture = paper + (layer[:, :, :3] - paper) * alpha
    return np.asarray(np.clip(picture, 0, 255), np.uint8)


def with_faint_text(paper: Paper, face: Face, palette: Palette, dice: Dice) -> Paper:
    """The paper with larger or smaller letters all over it, in colours near its own."""
    height, width = paper.shape[:2]
    cap_height = dice.between(0.2, 0.8) * height
    count = min(24, int(width / cap_height / 0.8) + 1)
    faint = replace(palette, ink=palette.paper + (palette.ink - palette.paper) * np.float32(dice.between(0.12, 0.3)))
    for top in range(0, height if dice.chance(0.5) else 1, max(1, round(1.3 * cap_height))):
        text = "".join(dice.pick(face.symbols) for _ in range(count))
        spacing = Spacing(cap_height, gap=dice.between(0, 0.3), turn=dice.between(0, 40))
        layer = fill(draw_line(text, [face] * count, spacing, PRINTED, dice), faint, "solid", dice)
        part = layer[: height - top, :width]
        place = (slice(top, top + part.shape[0]), slice(0, part.shape[1]))
        paper[place] = laid_over(part, paper[place])
    return paper
