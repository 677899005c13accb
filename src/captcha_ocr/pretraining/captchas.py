"""The general look: a text on a paper, from words as printed to captchas with everything at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.backgrounds import Paper, random_paper
from captcha_ocr.pretraining.colours import Palette, random_palette
from captcha_ocr.pretraining.composing import LARGEST, SMALLEST, laid_over, on_page, with_faint_text
from captcha_ocr.pretraining.degradations import degraded, grey
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.disturbances import Paint, disturb
from captcha_ocr.pretraining.fills import Layer, fill, random_fill, with_shadow
from captcha_ocr.pretraining.fonts import Face
from captcha_ocr.pretraining.geometry import bent, cropped
from captcha_ocr.pretraining.layout import Spacing, draw_line
from captcha_ocr.pretraining.ripples import DISTORTIONS, distorted
from captcha_ocr.pretraining.strokes import random_pen

_GREY_SHARE = 0.3  # of the pictures without colour
_DELICATE = ("script", "blackletter", "pixel", "segment")  # kinds of fonts that are hard to read by themselves


def bearable(hardness: float, palette: Palette, cap_height: float, face: Face) -> float:
    """The hardness that a text in these colours and of this size can bear and still be read."""
    faint = min(1.0, 0.35 + palette.room / 160)
    small = min(1.0, 0.45 + (cap_height - SMALLEST) / 30)
    return hardness * faint * small * (0.6 if face.kind in _DELICATE else 1.0)


def random_spacing(dice: Dice, cap_height: float, hardness: float) -> Spacing:
    """As printed where `hardness` is 0, and freer the harder; half of the harder ones are packed by their ink."""
    stretch = dice.log_between(0.8, 1.25) if dice.chance(0.3) else 1.0
    if hardness == 0:
        gap = dice.between(-0.02, 0.25) if dice.chance(0.4) else 0.0
        return Spacing(cap_height, stretch, gap=gap)
    packed = dice.chance(0.5)
    wide = dice.weighted({"close": 0.4, "apart": 0.35, "overlapping": 0.25 * hardness})
    tightest, widest = {"close": (0.0, 0.15), "apart": (0.15, 0.9), "overlapping": (-0.12, 0.0)}[wide]
    turn = dice.weighted(
        {0.0: 1 - 0.6 * hardness, 8.0: 0.2, 20.0: 0.3 * hardness, 33.0: 0.25 * hardness, 45.0: 0.12 * hardness}
    )
    return Spacing(
        cap_height,
        stretch,
        size_jitter=dice.between(0, 0.22) * dice.chance(0.5) * hardness,
        gap=dice.between(tightest, widest) + (0.08 if packed else 0),
        gap_jitter=dice.between(0, 0.1) * hardness,
        packed=packed,
        rise=dice.between(0, 0.28) * dice.chance(0.5) * hardness,
        turn=turn,
    )


def _faces(text: str, face: Face, faces: Sequence[Face], dice: Dice, hardness: float) -> list[Face]:
    """One font for the whole text, or now and then one for each symbol."""
    if not dice.chance(0.25 * hardness):
        return [face] * len(text)
    others = [dice.pick(faces) for _ in range(4)]
    usable = [face, *(other for other in others if set(text) <= set(other.symbols))]
    return [dice.pick(usable) for _ in text]


def _text(text: str, faces: list[Face], palette: Palette, cap_height: float, dice: Dice, hardness: float) -> Layer:
    """The coloured text, bent as a whole; its page ends where its ink does."""
    spacing, pen = random_spacing(dice, cap_height, hardness), random_pen(dice, cap_height, palette.room, hardness)
    line = draw_line(text, faces, spacing, pen, dice)
    layer = fill(line, palette, random_fill(dice, palette.room, hardness), dice)
    if dice.chance(0.05 + 0.08 * hardness):
        far = max(1, round(cap_height * dice.between(0.03, 0.12)))
        shadow = palette.paper + (palette.ink - palette.paper) * np.float32(dice.between(0.1, 0.45))
        layer = with_shadow(layer, shadow, far * dice.pick((-1, 1)), far, dice.between(0.4, 1))
    if hardness and dice.chance(0.6):
        layer = bent(layer, dice, hardness)
    return cropped(layer)


def _ink_paint(palette: Palette, dice: Dice) -> Paint:
    """Colours of strokes that could belong to the text: its own, or others as far from the paper."""
    same = dice.chance(0.6)
    return lambda: [*map(float, palette.ink if same else palette.another_ink(dice)), 255.0]


def _pale_paint(palette: Palette, dice: Dice) -> Paint:
    """Colours between the paper's and the ink's."""

    def paint() -> list[float]:
        return [
            float(level)
            for level in palette.paper + (palette.another_ink(dice) - palette.paper) * dice.between(0.2, 0.7)
        ]

    return paint


def _paper(layer: Layer, face: Face, palette: Palette, cap_height: float, dice: Dice, hardness: float) -> Paper:
    height, width = layer.shape[:2]
    paper = random_paper(height, width, palette, dice, hardness)
    if dice.chance(0.08 * hardness):
        paper = with_faint_text(paper, face, palette, dice)
    if dice.chance(0.5 * hardness):
        disturb(paper, _pale_paint(palette, dice), 1.5 * cap_height, dice)
    return paper


def _crossed(layer: Layer, palette: Palette, cap_height: float, dice: Dice, hardness: float) -> Layer:
    """The layer with strokes of ink across it, strokes that erase it, and distortions, in either order."""
    distort = dice.chance(0.45 * hardness)
    first = distort and dice.chance(0.5)
    if first:
        layer = distorted(layer, dice.pick(list(DISTORTIONS)), cap_height, dice, hardness)
    layer = np.ascontiguousarray(layer)
    if dice.chance(0.6 * hardness):
        for _ in range(1 + dice.chance(0.3 * hardness)):
            disturb(layer, _ink_paint(palette, dice), cap_height, dice)
    if dice.chance(0.08 * hardness):
        alpha = np.ascontiguousarray(layer[:, :, 3:])
        disturb(alpha, lambda: [0.0], 0.7 * cap_height, dice)
        layer[:, :, 3:] = alpha
    if distort and not first:
        layer = distorted(layer, dice.pick(list(DISTORTIONS)), cap_height, dice, hardness)
    return layer


def draw_captcha(text: str, face: Face, faces: Sequence[Face], dice: Dice, hardness: float) -> NDArray[np.uint8]:
    """The text in a random style, uint8 [H, W, 3]; `hardness` is from 0, as printed, to 1."""
    palette, cap_height = random_palette(dice, hardness), dice.log_between(SMALLEST, LARGEST)
    hardness = bearable(hardness, palette, cap_height, face)
    layer = _text(text, _faces(text, face, faces, dice, hardness), palette, cap_height, dice, hardness)
    layer = on_page(layer, dice, cap_height)
    if hardness:
        layer = _crossed(layer, palette, cap_height, dice, hardness)
    picture = laid_over(layer, _paper(layer, face, palette, cap_height, dice, hardness))
    if dice.chance(0.15 * hardness):
        disturb(picture, _pale_paint(palette, dice), 0.8 * cap_height, dice)
    picture = degraded(picture, cap_height, dice, hardness)
    return grey(picture) if dice.chance(_GREY_SHARE) else picture
