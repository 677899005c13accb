"""Fonts, and the shapes of their symbols, rasterised once and kept."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import ImageFont

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pretraining.texts import ALPHABET

FOLDER, INDEX = Path(".cache/fonts"), "index.csv"  # FOLDER is where the script puts fonts unless told otherwise
SYMBOLS = {  # that can be told apart in a font, by the words of the index
    "all": ALPHABET,
    "capitals": "".join(symbol for symbol in ALPHABET if not symbol.islower()),
    "digits": "".join(symbol for symbol in ALPHABET if symbol.isdigit()),
}
CAP_HEIGHTS = (24, 52)  # pixels: symbols are rasterised at each of them, and scaled down from the next larger one
MARGIN = 2  # pixels around a symbol, so that its edge stays smooth when it is scaled


@dataclass(frozen=True)
class Face:
    """A font file, what kind of font it is, and the symbols that can be told apart in it."""

    path: Path
    kind: str = "sans"
    symbols: str = ALPHABET


@dataclass(frozen=True, eq=False)
class Glyph:
    """Ink of a symbol, uint8 [H, W], and where it lies: pixels at a height of capitals of `cap_height`."""

    ink: NDArray[np.uint8]
    left: int  # of the ink, from where the symbol begins
    top: int  # of the ink, from the baseline: negative is above it
    advance: float  # from where the symbol begins to where the next one does
    cap_height: int


def read_faces(folder: Path) -> list[Face]:
    """The fonts that `pretraining/fonts.py` has put into the folder. Raises CaptchaOcrError where it has put none."""
    index = folder / INDEX
    if not index.is_file():
        raise CaptchaOcrError(f"{index} does not exist: fetch the fonts with python pretraining/fonts.py {folder}")
    with index.open(encoding="utf-8", newline="") as lines:
        return [Face(folder / row["file"], row["kind"], SYMBOLS[row["symbols"]]) for row in csv.DictReader(lines)]


def sharp_enough(cap_height: float) -> int:
    """The height at which a symbol is rasterised to be drawn with capitals of `cap_height` pixels."""
    return next((height for height in CAP_HEIGHTS if height >= cap_height), CAP_HEIGHTS[-1])


@cache
def _font(path: Path, cap_height: int) -> ImageFont.FreeTypeFont:
    """The font at the size at which its digits or capitals, whichever are higher, are `cap_height` pixels high."""
    probe = ImageFont.truetype(str(path), 100)
    highest = max(box[3] - box[1] for box in (probe.getbbox(symbol) for symbol in "0H"))
    return ImageFont.truetype(str(path), max(4, round(100 * cap_height / max(highest, 1))))


@cache
def glyph(face: Face, symbol: str, cap_height: int) -> Glyph:
    """The symbol as the font draws it with capitals of `cap_height` pixels."""
    font = _font(face.path, cap_height)
    mask, (left, top) = font.getmask2(symbol, mode="L", anchor="ls")
    width, height = mask.size
    ink = np.zeros((max(height, 1) + 2 * MARGIN, max(width, 1) + 2 * MARGIN), np.uint8)
    if width and height:
        ink[MARGIN:-MARGIN, MARGIN:-MARGIN] = np.frombuffer(bytes(mask), np.uint8).reshape(height, width)
    return Glyph(ink, left - MARGIN, top - MARGIN, font.getlength(symbol), cap_height)
