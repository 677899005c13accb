"""Contrast tells blank pictures from those with text, whatever the light and the camera."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image, ImageDraw

from captcha_ocr.params.params import load_params
from captcha_ocr.validate.levels import SortedLevels, contrast
from tests.modules import ROOT

LIMIT = load_params(ROOT / "params.yaml").validate_.min_contrast
SIZES = [(96, 32), (200, 50), (700, 100), (1600, 900)]


@given(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9))), st.floats(0, 100))
def test_percentiles_are_those_of_numpy_to_the_last_bit(levels: np.ndarray, share: float) -> None:
    assert SortedLevels(levels, 256).percentile(share) == np.percentile(levels, share)


def measured(picture: Image.Image) -> int:
    return contrast(picture, np.asarray(picture))


def strokes(paper: Image.Image, ink: int) -> Image.Image:
    """`paper` with lines one pixel wide: 0.2 % of it is ink."""
    drawn, (width, height) = paper.copy(), paper.size
    pen, left = ImageDraw.Draw(drawn), max(6, width * height // 500)
    for x in range(width // 5, width, 7):
        length = min(left, height // 3)
        if length:
            pen.line((x, height // 3, x, height // 3 + length - 1), fill=ink)
        left -= length
    return drawn


def noisy(paper: Image.Image, deviation: float) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, deviation, (paper.height, paper.width))
    return Image.fromarray(np.clip(np.asarray(paper) + noise, 0, 255).astype(np.uint8))


def as_jpeg(picture: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality)
    return Image.open(file).convert("L")


def falling_light(size: tuple[int, int], axis: int) -> Image.Image:
    """From black on one edge to white on the other."""
    width, height = size
    ramp = np.linspace(0, 255, (height, width)[axis]).astype(np.uint8)
    return Image.fromarray(np.broadcast_to(ramp[:, None] if axis == 0 else ramp, (height, width)).copy())


@pytest.mark.parametrize("size", SIZES)
def test_blank_pictures_stay_below_the_limit(size: tuple[int, int]) -> None:
    paper = Image.new("L", size, 200)
    dead = paper.copy()
    dead.putpixel((size[0] // 2, size[1] // 2), 0)
    blank = [paper, dead, as_jpeg(dead, 50), noisy(paper, 8), *(as_jpeg(noisy(paper, 8), q) for q in (10, 30, 75))]
    blank += [falling_light(size, axis) for axis in (0, 1)]
    assert max(map(measured, blank)) < LIMIT


@pytest.mark.parametrize("size", SIZES)
def test_thin_strokes_reach_the_limit(size: tuple[int, int]) -> None:
    paper = Image.new("L", size, 255)
    drawn = [strokes(paper, 0), strokes(paper, 140), as_jpeg(strokes(paper, 0), 75), noisy(strokes(paper, 0), 5)]
    drawn += [strokes(Image.new("L", size, 0), 255), strokes(falling_light(size, 1), 255)]
    assert min(map(measured, drawn)) >= LIMIT


def test_broad_strokes_have_about_the_contrast_of_their_grey_levels() -> None:
    picture = Image.new("L", (200, 50), 200)
    ImageDraw.Draw(picture).rectangle((80, 10, 110, 40), fill=100)
    assert 100 <= measured(picture) <= 130


@pytest.mark.parametrize("size", [(1, 1), (2, 9), (9, 2), (3, 3)])
def test_tiny_pictures_have_a_contrast(size: tuple[int, int]) -> None:
    assert measured(Image.new("L", size, 9)) == 0
