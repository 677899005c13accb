"""A contact sheet: pictures of each family, drawn for it alone."""

from pathlib import Path

from PIL import Image, ImageDraw

from captcha_ocr.base.files import replacing
from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture

from .families import FAMILIES, SHOWN, Family, pictures

WIDTH, HEIGHT, NAME = 1000, 44, 150  # of the sheet, of a picture on it, and of the column of names


def _scaled(path: Path) -> Image.Image:
    picture = eight_bit(open_picture(path, str(path)), str(path)).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    return flat.resize((max(1, round(flat.width * HEIGHT / flat.height)), HEIGHT))


def _strip(kind: Family) -> Image.Image:
    """The name of a family and its first pictures, as many as there is room for."""
    strip = Image.new("RGB", (WIDTH, HEIGHT + 4), "lightgrey")
    ImageDraw.Draw(strip).text((4, HEIGHT // 2 - 5), kind.name, fill="black")
    place = NAME
    for row in pictures(kind, SHOWN):
        picture = _scaled(row.path)
        if place + picture.width > WIDTH:
            break
        strip.paste(picture, (place, 2))
        place += picture.width + 4
    return strip


def draw(path: Path) -> None:
    """Writes the sheet, with 64 colours so that it stays small."""
    strips = [_strip(kind) for kind in FAMILIES]
    sheet = Image.new("RGB", (WIDTH, len(strips) * strips[0].height))
    for number, strip in enumerate(strips):
        sheet.paste(strip, (0, number * strip.height))
    with replacing(path) as draft:
        sheet.quantize(64).save(draft, optimize=True)
