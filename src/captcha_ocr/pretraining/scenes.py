"""Texts as they stand on things: plates, meters, labels and screens."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.pretraining.backgrounds import random_paper
from captcha_ocr.pretraining.colours import Palette, coloured, random_palette
from captcha_ocr.pretraining.composing import LARGEST, SMALLEST, laid_over, on_page
from captcha_ocr.pretraining.degradations import degraded
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.fills import Layer, fill, with_border
from captcha_ocr.pretraining.fonts import Face
from captcha_ocr.pretraining.geometry import bent, cropped
from captcha_ocr.pretraining.layout import Spacing, draw_line
from captcha_ocr.pretraining.strokes import PRINTED

Picture = NDArray[np.uint8]  # [H, W, 3]
Scene = Callable[[str, Face, Dice, float], Picture]


def _two(paper: tuple[float, float, float], ink: tuple[float, float, float]) -> Palette:
    return Palette(np.array(paper, np.float32), (0, 255), 0.0, np.array(ink, np.float32))


def _printed(text: str, face: Face, spacing: Spacing, palette: Palette, dice: Dice) -> Layer:
    return fill(draw_line(text, [face] * len(text), spacing, PRINTED, dice), palette, "solid", dice)


def _framed(sheet: Layer, dice: Dice, strength: float, palette: Palette) -> Picture:
    """The opaque sheet, seen from a little aside, before something else."""
    seen = cropped(bent(sheet, dice, strength)) if dice.chance(0.7) else sheet
    room = [round(dice.between(0, 0.12) * seen.shape[0]) for _ in range(4)]
    seen = with_border(seen, room, (0, 0, 0, 0))
    height, width = seen.shape[:2]
    return laid_over(seen, random_paper(height, width, palette, dice, 1))


def _sheet(layer: Layer, palette: Palette) -> Layer:
    """The layer on an opaque sheet of the palette's paper."""
    opaque = np.full(layer.shape, 255, np.uint8)
    opaque[:, :, :3] = laid_over(layer, np.broadcast_to(palette.paper, (*layer.shape[:2], 3)))
    return opaque


def draw_plate(text: str, face: Face, dice: Dice, hardness: float) -> Picture:
    """A plate with a rim, and perhaps bolts and a coloured band."""
    dark, light = (dice.between(0, 50),) * 3, (dice.between(225, 255),) * 3
    schemes = (_two(light, dark), _two((255, 205, 40), dark), _two(light, (20, 60, 150)), _two(dark, light))
    palette = dice.pick((*schemes, _two((40, 70, 160), light), _two((30, 120, 70), light), _two(light, (160, 25, 30))))
    cap_height = dice.log_between(18, LARGEST)
    spacing = Spacing(cap_height, dice.between(0.75, 1), gap=dice.between(0.05, 0.3))
    sheet = _sheet(on_page(_printed(text, face, spacing, palette, dice), dice, cap_height, 1.3), palette)
    height, width = sheet.shape[:2]
    rim, ink = dice.whole(1, 1 + height // 20), [*map(float, palette.ink), 255.0]
    if dice.chance(0.7):
        cv2.rectangle(sheet, (rim, rim), (width - 1 - rim, height - 1 - rim), ink, rim)
    if dice.chance(0.3):
        band = round(0.25 * height)
        sheet = with_border(sheet, (0, 0, band, 0), (20, 50, 160, 255))
    if dice.chance(0.4):
        for x in (0.06, 0.94):
            cv2.circle(sheet, (round(x * width), rim * 2 + 2), rim + 1, [120.0, 120.0, 120.0, 255.0], -1, cv2.LINE_AA)
    picture = _framed(sheet, dice, 0.15 + 0.4 * hardness, random_palette(dice, 1))
    return degraded(picture, cap_height, dice, max(hardness, 0.5))


def draw_meter(text: str, face: Face, dice: Dice, hardness: float) -> Picture:
    """Digits in the windows of a meter, each a little higher or lower than the last."""
    cap_height, window = dice.log_between(SMALLEST, 40), coloured(dice, dice.between(5, 60), 0.15)
    palette = Palette(window, (180, 255), 0.1, coloured(dice, dice.between(190, 255), 0.15))
    if dice.chance(0.2):
        palette = Palette(palette.ink, (0, 60), 0.1, palette.paper)
    wide = dice.between(1.0, 1.6)
    cells = []
    for symbol in text:
        glyph = cropped(_printed(symbol, face, Spacing(cap_height), palette, dice))
        room = max(2, round(wide * cap_height) - glyph.shape[1])
        rise = round(dice.spread(0.14) * cap_height * hardness)
        across, down = round(0.3 * cap_height), max(0, round(1.35 * cap_height) - glyph.shape[0])
        top = min(max(down // 2 + rise, 0), down)
        cell = cv2.copyMakeBorder(glyph, top, down - top, room // 2, room - room // 2, cv2.BORDER_CONSTANT)
        cells.append(cv2.resize(cell, (cell.shape[1], round(1.35 * cap_height) + across // 8)))
    sheet = _sheet(np.concatenate(cells, axis=1), palette)
    x, seam = 0, [*map(float, coloured(dice, dice.between(60, 200), 0.1)), 255.0]
    for cell in cells[:-1] if dice.chance(0.7) else []:
        x += cell.shape[1]
        cv2.line(sheet, (x, 0), (x, sheet.shape[0]), seam, max(1, round(cap_height / 12)))
    rim = [round(cap_height * dice.between(0.1, 0.5)) for _ in range(4)]
    shell = [*map(float, coloured(dice, dice.between(60, 230), 0.2)), 255.0]
    sheet = with_border(sheet, rim, shell)
    return degraded(_framed(sheet, dice, 0.5 * hardness, palette), cap_height, dice, max(hardness, 0.4))


def draw_label(text: str, face: Face, dice: Dice, hardness: float) -> Picture:
    """A sticker with a printed number, ruled lines or bars beside it."""
    palette, cap_height = (
        _two((250, 250, dice.between(220, 255)), (dice.between(0, 40),) * 3),
        dice.log_between(SMALLEST, 34),
    )
    spacing = Spacing(cap_height, gap=dice.between(0, 0.3))
    sheet = _sheet(on_page(_printed(text, face, spacing, palette, dice), dice, cap_height, 0.8), palette)
    height, width = sheet.shape[:2]
    ink = [*map(int, palette.ink), 255]
    if dice.chance(0.4):
        bars = np.repeat(dice.rng.random(width // 2 + 1) < 0.5, 2)[:width]
        block = np.full((max(3, round(dice.between(0.2, 0.5) * height)), width, 4), 255, np.uint8)
        block[:, bars] = ink
        sheet = np.concatenate([block, sheet] if dice.chance(0.5) else [sheet, block])
    elif dice.chance(0.5):
        cv2.rectangle(sheet, (0, 0), (width - 1, height - 1), [*map(float, ink)], dice.whole(1, 2))
    picture = _framed(np.ascontiguousarray(sheet), dice, 0.4 * hardness, random_palette(dice, 1))
    return degraded(picture, cap_height, dice, max(hardness, 0.3))


def draw_screen(text: str, face: Face, dice: Dice, hardness: float) -> Picture:
    """A display: glowing symbols on black, or dark ones on a liquid crystal."""
    cap_height = dice.log_between(SMALLEST, LARGEST)
    if dice.chance(0.6):
        palette = Palette(
            coloured(dice, dice.between(0, 35), 0.2), (150, 255), 1.0, coloured(dice, dice.between(110, 230), 1)
        )
    else:
        palette = Palette(
            coloured(dice, dice.between(130, 200), 0.3), (0, 60), 0.2, coloured(dice, dice.between(5, 50), 0.2)
        )
    spacing = Spacing(cap_height, gap=dice.between(0.02, 0.3))
    layer = on_page(_printed(text, face, spacing, palette, dice), dice, cap_height)
    height, width = layer.shape[:2]
    paper = random_paper(height, width, palette, dice, 0)
    if palette.ink.sum() > palette.paper.sum() and dice.chance(0.6):
        halo = cv2.GaussianBlur(layer[:, :, 3], (0, 0), 0.5 + 0.1 * cap_height).astype(np.float32) / 255
        lit = halo[:, :, None] * np.float32(dice.between(0.2, 0.6))
        paper = np.asarray(paper + (palette.ink - paper) * lit, np.float32)
    picture = laid_over(layer, paper)
    if dice.chance(0.25):  # scan lines
        rows = picture[:: dice.whole(2, 3)]
        rows[:] = rows * np.float32(dice.between(0.5, 0.85))
    return degraded(picture, cap_height, dice, max(hardness, 0.3))


SCENES: dict[str, Scene] = {"plate": draw_plate, "meter": draw_meter, "label": draw_label, "screen": draw_screen}
