"""The sheet of the augmentation: training pictures as they are, changed by each kind alone, and by all together."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import replacing
from captcha_ocr.overview.prepared import telling
from captcha_ocr.overview.used import used_pictures
from captcha_ocr.overview.variations import Inputs, only, strongest, vary
from captcha_ocr.params.recipe import KINDS, TrainParams

Row = tuple[str, NDArray[np.uint8]]  # what is said of it, and pictures [N, H, W, C]
DRAWS = 6  # of which the strongest is shown, for each kind alone
TOGETHER = 3  # rows of all kinds together
CELL = (320, 160)  # largest width and height of a picture on the sheet
WIDTH = 1200  # pictures are added until the sheet is so wide
MARGIN, TITLE, SIDE, GAP = 12, 40, 140, 8
GROUND, INK, FONT_SIZE = 246, 30, 14


def _row(kind: str, inputs: Inputs, params: TrainParams) -> Row:
    strength = params.augmentation_of(kind)
    if kind == "colour" and params.channels == 1:
        return "colour\ngrey has none", inputs.pixels
    said = f"strength {strength:g}" if strength else "off: this is 1"
    return f"{kind}\n{said}", strongest(inputs, only(kind, params), DRAWS)


def _rows(inputs: Inputs, params: TrainParams) -> Iterator[Row]:
    yield "as it is", inputs.pixels
    for kind in KINDS:
        yield _row(kind, inputs, params)
    versions = vary(inputs, params, TOGETHER)
    for number in range(TOGETHER):
        yield "all that is on", versions[:, number]


def _cell(pixels: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    image.thumbnail(CELL)
    return image


def _title(params: TrainParams) -> str:
    size = params.input_size
    colours = "grey" if size.channels == 1 else "RGB"
    return (
        f"Training pictures, {size.width} by {size.height} pixels, {colours}, at full strength. train.augmentation: "
        f"{params.augmentation:g}. Each kind alone: the strongest of {DRAWS} draws."
    )


def draw_sheet(pictures: Sequence[Picture], params: TrainParams) -> bytes:
    """The sheet as a PNG file; as many of `pictures` as have room. Equal pictures and parameters give equal bytes.

    A kind that is off is shown at strength 1, so that one can choose. Raises CaptchaOcrError naming a picture that
    cannot be decoded.
    """
    cell = _cell(np.zeros((params.height, params.width, params.channels), np.uint8))
    pitch, height = cell.width + GAP, cell.height + GAP
    shown = pictures[: max(1, (WIDTH - SIDE - 2 * MARGIN) // pitch)]
    rows = list(_rows(Inputs.of(shown, params.input_size), params))
    width = max(SIDE + len(shown) * pitch, 760) + 2 * MARGIN
    sheet = Image.new("L", (width, TITLE + len(rows) * max(height, 3 * FONT_SIZE) + MARGIN), GROUND).convert(cell.mode)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(FONT_SIZE)
    ink = (INK,) * len(sheet.getbands())
    draw.text((MARGIN, MARGIN), _title(params), ink, font)
    for number, (said, versions) in enumerate(rows):
        top = TITLE + number * max(height, 3 * FONT_SIZE)
        draw.multiline_text((MARGIN, top), said, ink, font)
        for column, pixels in enumerate(versions):
            sheet.paste(_cell(pixels), (MARGIN + SIDE + column * pitch, top))
    file = io.BytesIO()
    sheet.save(file, "PNG")
    return file.getvalue()


def write_sheet(path: Path, shards: PictureShards, manifest: Manifest, splits: Splits, params: TrainParams) -> None:
    """Writes the sheet of some telling training pictures; raises CaptchaOcrError as `draw_sheet` does."""
    files = telling(used_pictures(manifest, splits))["file"].tolist()
    sheet = draw_sheet(shards.in_order(files), params)
    with replacing(path) as draft:
        draft.write_bytes(sheet)
