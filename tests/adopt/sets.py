"""Sets of labelled pictures that tests adopt."""

import io
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SYMBOLS = "ab12É "


def labels(count: int, shortest: int, longest: int, symbols: str = SYMBOLS, seed: int = 0) -> list[str]:
    """Random labels; a space is neither the first symbol nor the last."""
    draw = random.Random(seed)
    drawn = ("".join(draw.choices(symbols, k=draw.randint(shortest, longest))) for _ in range(count))
    return [f"{symbols[0]}{label[1:-1]}{symbols[1]}" for label in drawn]


def picture(label: str, width: int, height: int = 32, mode: str = "RGBA", colour: str = "black") -> bytes:
    """A PNG file in which `label` is drawn."""
    image = Image.new("RGBA", (width, height), "white")
    drawing, font = ImageDraw.Draw(image), ImageFont.load_default(height * 0.6)
    for place, symbol in enumerate(label):
        drawing.text((4 + place * (width - 8) / len(label), height * 0.15), symbol, fill=colour, font=font)
    file = io.BytesIO()
    image.convert(mode).save(file, "PNG", compress_level=1)
    return file.getvalue()


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    """A zip of `files` at `path`."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
