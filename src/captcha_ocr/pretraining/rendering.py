"""Renders short random texts in widely varied styles, to pretrain a network before it sees real pictures.

Fonts, sizes, spacing, slant, distortion, strokes, noise and shades are random for each picture, so that a network
cannot specialise in one kind of captcha. A share of the pictures has the style of Kaptcha (`kaptcha_style.py`). The
fonts come with installed packages: Droid Sans Mono from `captcha` (Apache-2.0), DejaVu (Bitstream Vera licence) and
STIX (SIL Open Font License) from `matplotlib`.
"""

import string
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from captcha_ocr.pretraining.drawing import Ink, bezier, resampled
from captcha_ocr.pretraining.kaptcha_style import kaptcha_picture

ALPHABET = string.digits + string.ascii_lowercase + string.ascii_uppercase
MIN_LENGTH, MAX_LENGTH = 3, 7
_MATPLOTLIB_FONTS = (
    *("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSansMono-Bold"),
    *("DejaVuSerif", "DejaVuSerif-Bold", "STIXGeneral", "STIXGeneralBol", "STIXGeneralBolIta"),
)
KAPTCHA_SHARE = 0.4  # of the pictures, in the style of Kaptcha


@cache
def _font_paths() -> list[Path]:
    matplotlib = Path(str(files("matplotlib"))) / "mpl-data" / "fonts" / "ttf"
    droid = Path(str(files("captcha"))) / "data" / "DroidSansMono.ttf"
    return [droid, *(matplotlib / f"{name}.ttf" for name in _MATPLOTLIB_FONTS)]


@cache
def _font(index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_font_paths()[index]), size)


def _log_uniform(rng: Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _glyph(symbol: str, font: ImageFont.FreeTypeFont, turn: float, bold: int) -> Image.Image:
    """The ink of one symbol, rotated by `turn` degrees and thickened by `bold` pixels.

    It is cropped at the sides only, so that its vertical place in the line is kept.
    """
    ascent, descent = font.getmetrics()
    size = (int(font.getlength(symbol)) + 2 * bold + 8, ascent + descent + 2 * bold)
    glyph = Image.new("L", size)
    ImageDraw.Draw(glyph).text((4 + bold, bold), symbol, fill=255, font=font, stroke_width=bold)
    if turn:
        glyph = glyph.rotate(turn, Image.Resampling.BILINEAR, expand=True)
    box = glyph.getbbox()
    return glyph.crop((box[0], 0, box[2], glyph.height)) if box else glyph


def _line(text: str, width: int, height: int, rng: Generator, plain: bool) -> Image.Image:
    """The symbols side by side on a page of `width` × `height`, with random size, spacing, rotation and position.

    In a `plain` line the symbols are upright, close together and at the same height, and the line is squeezed more.
    """
    fonts, size = len(_font_paths()), int(height * rng.uniform(0.55, 0.95))
    base, mixed = rng.integers(fonts), rng.random() < 0.15
    max_turn = 0 if plain else rng.choice([0, 0, 8, 20, 30])
    bold = int(rng.random() < 0.15)
    gap = rng.uniform(-0.12, 0.1 if plain else 0.25) * size
    gap_jitter, rise = 0.08 * size * rng.random(), 0.0 if plain else 0.12 * size * rng.random()
    glyphs, places, x = [], [], 0.0
    for symbol in text:
        font = _font(int(rng.integers(fonts) if mixed else base), int(size * rng.uniform(0.9, 1.1)))
        glyph = _glyph(symbol, font, rng.uniform(-max_turn, max_turn), bold)
        glyphs.append(glyph)
        places.append((x, rng.uniform(-rise, rise)))
        x += max(glyph.width + gap + rng.uniform(-gap_jitter, gap_jitter), glyph.width * 0.6)
    page_width = max(glyph.width + place[0] for glyph, place in zip(glyphs, places, strict=True))
    page = Image.new("L", (int(page_width) + 1, height))
    middle = height / 2 + rng.uniform(-0.08, 0.08) * height
    for glyph, (left, up) in zip(glyphs, places, strict=True):
        page.paste(255, (round(left), round(middle - glyph.height / 2 + up)), glyph)
    return _placed(page, width, height, rng, narrowest=0.65 if plain else 0.8)


def _placed(line: Image.Image, width: int, height: int, rng: Generator, narrowest: float) -> Image.Image:
    """Stretches the line at random, squeezes it if it is too wide, and puts it at a random place on a page.

    `narrowest` is the smallest random factor.
    """
    stretch = min(rng.uniform(narrowest, 1.25), 0.97 * width / line.width)
    line = line.resize((max(1, int(line.width * stretch)), height), Image.Resampling.BILINEAR)
    page = Image.new("L", (width, height))
    page.paste(line, (int(rng.uniform(0, width - line.width + 1)), 0))
    return page


def _wave(positions: Ink, length: float, amplitude: float, rng: Generator) -> Ink:
    """A sine of random phase at the positions; `length` is its wavelength in pixels."""
    phase = rng.uniform(0, 2 * np.pi)
    return np.asarray(amplitude * np.sin(positions * (2 * np.pi / length) + phase), dtype=np.float32)


def _ripples(rows: Ink, columns: Ink, rng: Generator) -> tuple[Ink, Ink]:
    """Shifts along x and y, in pixels, by short waves: straight ones, or rings about a point. Their strength varies."""
    height, width = rows.shape
    length, amplitude = _log_uniform(rng, 2, 10), rng.uniform(0.5, 3)
    if rng.random() < 0.5:
        swell = 0.5 + 0.5 * _wave(columns + rows, _log_uniform(rng, 1, 6) * height, 1, rng)
        straight = rng.random() < 0.5
        return swell * _wave(rows, length, amplitude, rng), swell * _wave(columns, length, amplitude * straight, rng)
    right, below = columns - rng.uniform(0, width), rows - rng.uniform(0, height)
    distance = np.hypot(right, below) + 1
    swell = np.exp(-((distance / (rng.uniform(0.5, 2.5) * height)) ** 2)) * _wave(distance, length, amplitude, rng)
    return swell * right / distance, swell * below / distance


def _warped(ink: Ink, rng: Generator) -> Ink:
    """Shears the ink and shifts it along waves. Long waves bend the line, short ones roughen edges."""
    height, width = ink.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns.copy(), rows.copy()
    if rng.random() < 0.5:
        x += rng.uniform(-0.4, 0.4) * (rows - height / 2)
    if rng.random() < 0.4:
        y += rng.uniform(-0.06, 0.06) * (columns - width / 2)
    for _ in range(rng.integers(3)):  # slow waves
        length = _log_uniform(rng, 0.4, 4) * height
        amplitude = rng.uniform(0, 0.04) * length
        if rng.random() < 0.5:
            y += _wave(columns, length, amplitude, rng)
        else:
            x += _wave(rows + rng.uniform(-0.5, 0.5) * columns, length, amplitude, rng)
    if rng.random() < 0.4:
        across, down = _ripples(rows, columns, rng)
        x += across
        y += down
    return resampled(ink, x, y, smooth=rng.random() < 0.7)


def _curve(width: int, height: int, rng: Generator) -> Ink:
    """Points [N, 2] along a straight line, a broken line or a curve across part of the page."""
    ends = rng.uniform([-0.05, -0.1], [1.05, 1.1], (4, 2)) * (width, height)
    if rng.random() < 0.6:  # most run along the text
        ends[:, 0] = np.sort(ends[:, 0])
    return bezier(ends, 2 if rng.random() < 0.2 else int(rng.integers(3, 16)))


def _hook(width: int, height: int, rng: Generator) -> Ink:
    """Points [N, 2] of a short crooked line. Where it touches a symbol, it looks like a part of it."""
    steps = rng.uniform(-1, 1, (int(rng.integers(2, 5)), 2)) * (0.6 * height, 0.6 * height)
    steps[0] = rng.uniform(0, 1, 2) * (width, height)
    return np.asarray(np.cumsum(steps, axis=0))


def _stroke(draw: ImageDraw.ImageDraw, width: int, height: int, rng: Generator, fill: int) -> None:
    """Draws a long or a short line, with a random thickness at each end."""
    path = _hook(width, height, rng) if rng.random() < 0.4 else _curve(width, height, rng)
    thick = np.linspace(rng.uniform(1, 4), rng.uniform(1, 4), len(path)) * height / 50
    for i in range(len(path) - 1):
        draw.line([*path[i], *path[i + 1]], fill=fill, width=max(1, round(thick[i])))


def _with_strokes(page: Image.Image, rng: Generator) -> Image.Image:
    """Adds strokes of ink, or more rarely of background, and dots."""
    width, height = page.size
    draw = ImageDraw.Draw(page)
    as_dark = rng.random() < 0.4  # strokes as dark as the text
    for _ in range(rng.choice(6, p=[0.15, 0.2, 0.25, 0.2, 0.1, 0.1])):
        shade = 255 if as_dark else int(rng.integers(120, 256))
        _stroke(draw, width, height, rng, fill=0 if rng.random() < 0.1 else shade)
    if rng.random() < 0.25:
        size = rng.uniform(0.5, 1.8) * height / 50
        for x, y in rng.uniform(0, 1, (int(rng.integers(5, 60)), 2)) * (width, height):
            draw.ellipse([x - size, y - size, x + size, y + size], fill=int(rng.integers(100, 256)))
    return page


def _background(width: int, height: int, rng: Generator) -> Ink:
    """Grey levels between 0 and 1: uniform, or changing linearly across the page."""
    levels = rng.uniform(0.55, 1, 2) if rng.random() < 0.5 else np.repeat(rng.uniform(0.6, 1), 2)
    across, down = np.linspace(0, 1, width), np.linspace(0, 1, height)[:, None]
    share = rng.random()
    return np.asarray(levels[0] + (levels[1] - levels[0]) * (share * across + (1 - share) * down))


def render(text: str, width: int, height: int, rng: Generator, kaptcha_share: float) -> NDArray[np.uint8]:
    """Renders `text` in a style drawn from `rng`, as grey levels [height, width].

    The same state of `rng` gives the same picture.
    """
    # With a share of 0 nothing is drawn from `rng` here, so the pictures of the first weights can be rendered again.
    if kaptcha_share and rng.random() < kaptcha_share:
        return _quantised(kaptcha_picture(_line(text, width, height, rng, plain=True), rng))
    page = _line(text, width, height, rng, plain=False)
    strokes_first = rng.random() < 0.4  # otherwise strokes and dots are not warped
    if strokes_first:
        page = _with_strokes(page, rng)
    ink = _warped(np.asarray(page, dtype=np.float32) / 255, rng)
    if not strokes_first:
        ink = np.asarray(_with_strokes(Image.fromarray((ink * 255).astype(np.uint8)), rng), dtype=np.float32) / 255
    if rng.random() < 0.4:
        blurred = Image.fromarray((ink * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.1)))
        ink = np.asarray(blurred, dtype=np.float32) / 255
    paper = _background(width, height, rng)
    shade = rng.uniform(0, 0.45) * paper.min()
    grey = paper * (1 - ink) + shade * ink
    if rng.random() < 0.4:
        grey = grey + rng.normal(0, rng.uniform(0.01, 0.08), grey.shape)
    if rng.random() < 0.12:
        grey = 1 - grey
    return _quantised(grey)


def _quantised(shades: Ink) -> NDArray[np.uint8]:
    """Shades from 0 to 1 as grey levels from 0 to 255."""
    return np.asarray(np.clip(shades, 0, 1) * 255, dtype=np.uint8)


def random_text(rng: Generator) -> str:
    """A random text of three to seven symbols.

    Most texts use one case only, as most captchas do: the case of a single o or x cannot be seen.
    """
    cases = (string.digits + string.ascii_lowercase, string.digits + string.ascii_uppercase, ALPHABET)
    symbols = cases[rng.choice(3, p=[0.5, 0.3, 0.2])]
    length = int(rng.integers(MIN_LENGTH, MAX_LENGTH + 1))
    return "".join(symbols[i] for i in rng.integers(len(symbols), size=length))


def render_batch(
    count: int, width: int, height: int, seed: int, kaptcha_share: float = KAPTCHA_SHARE
) -> tuple[NDArray[np.uint8], list[str]]:
    """Renders `count` pictures, uint8 [N, height, width, 1], of random texts; returns both.

    The same arguments give the same pictures.
    """
    pictures, texts = np.empty((count, height, width, 1), dtype=np.uint8), []
    for i in range(count):
        rng = np.random.default_rng((seed, i))
        texts.append(random_text(rng))
        pictures[i, :, :, 0] = render(texts[-1], width, height, rng, kaptcha_share)
    return pictures, texts
