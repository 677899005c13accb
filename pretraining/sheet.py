"""Draws a contact sheet of rendered pictures with their texts, to be checked by eye.

python pretraining/sheet.py SHEET.png [--fonts FOLDER] [--seed 0] [--count 60]
"""

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.pretraining.fonts import FOLDER, read_faces
from captcha_ocr.pretraining.rendering import render_batch

CELL_WIDTH, CELL_HEIGHT, CAPTION, COLUMNS = 250, 96, 14, 4


def contact_sheet(pictures: list[NDArray[np.uint8]], texts: list[str]) -> Image.Image:
    """The pictures in rows of four, each with its text below; wider ones are scaled down."""
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * CELL_WIDTH, rows * (CELL_HEIGHT + CAPTION)), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (pixels, text) in enumerate(zip(pictures, texts, strict=True)):
        picture = Image.fromarray(pixels)
        picture.thumbnail((CELL_WIDTH - 6, CELL_HEIGHT - 2))
        x, y = number % COLUMNS * CELL_WIDTH, number // COLUMNS * (CELL_HEIGHT + CAPTION)
        sheet.paste(picture, (x, y))
        draw.text((x, y + CELL_HEIGHT - 2), text, fill="black")
    return sheet


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sheet", type=Path)
    parser.add_argument("--fonts", type=Path, default=FOLDER)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    args = parser.parse_args()
    contact_sheet(*render_batch(args.count, args.seed, read_faces(args.fonts))).save(args.sheet)


if __name__ == "__main__":
    exit_on_error(main)
