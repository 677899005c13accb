import numpy as np
import pytest

from captcha_ocr.pretraining.backgrounds import BACKGROUNDS
from captcha_ocr.pretraining.colours import random_palette
from captcha_ocr.pretraining.composing import LEAST_ASPECT, MOST_ASPECT, MOST_HEIGHT
from captcha_ocr.pretraining.degradations import DEGRADATIONS
from captcha_ocr.pretraining.dice import Dice
from captcha_ocr.pretraining.disturbances import DISTURBANCES
from captcha_ocr.pretraining.fills import FILLS, fill
from captcha_ocr.pretraining.layout import Line, Spacing, draw_line
from captcha_ocr.pretraining.rendering import render_batch
from captcha_ocr.pretraining.ripples import DISTORTIONS, distorted
from captcha_ocr.pretraining.scenes import SCENES
from captcha_ocr.pretraining.strokes import PRINTED, Pen
from captcha_ocr.pretraining.texts import ALPHABET, MAX_LENGTH, random_text
from tests.rendered import FACES

HEIGHT, WIDTH = 40, 120


def line(pen: Pen = PRINTED) -> Line:
    return draw_line("A7g", [FACES[0]] * 3, Spacing(30), pen, Dice(0))


def test_the_seed_alone_decides_texts_and_pictures_however_many_are_rendered() -> None:
    few, few_texts = render_batch(12, 1, FACES)
    many, many_texts = render_batch(15, 1, FACES)
    assert few_texts == many_texts[:12]
    for picture, same in zip(few, many, strict=False):
        np.testing.assert_array_equal(picture, same)
    assert render_batch(12, 2, FACES)[1] != few_texts


def test_pictures_are_of_many_sizes_within_the_limits_and_show_something() -> None:
    pictures, _ = render_batch(40, 3, FACES)
    for picture in pictures:
        assert picture.dtype == np.uint8
        height, width, channels = picture.shape
        assert channels == 3
        assert height <= MOST_HEIGHT
        assert LEAST_ASPECT - 0.1 < width / height < MOST_ASPECT + 0.1
        assert np.ptp(picture.reshape(-1, 3).astype(int), axis=0).max() > 20
    assert len({picture.shape for picture in pictures}) > 30


def test_texts_are_of_the_alphabet_and_use_all_of_it() -> None:
    texts = [random_text(Dice(0, number)) for number in range(1000)]
    assert {len(text) for text in texts} == set(range(1, MAX_LENGTH + 1))
    assert set("".join(texts)) == set(ALPHABET)


@pytest.mark.parametrize("symbols", ["0123456789", "0123456789ABCXYZ"])
def test_a_font_is_asked_for_no_symbol_that_cannot_be_told_apart_in_it(symbols: str) -> None:
    assert set("".join(random_text(Dice(1, number), symbols) for number in range(150))) == set(symbols)


@pytest.mark.parametrize("name", BACKGROUNDS)
def test_a_paper_has_the_size_asked_for_and_stays_clear_of_the_ink_s_colour(name: str) -> None:
    for number in range(5):
        dice = Dice(4, number)
        palette = random_palette(dice, 1)
        paper = BACKGROUNDS[name](HEIGHT, WIDTH, palette, dice)
        assert paper.shape == (HEIGHT, WIDTH, 3)
        from_ink = np.abs(paper - palette.ink).max(axis=2)
        assert (from_ink > 10).mean() > 0.9


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_draws_and_leaves_most_of_the_page_alone(name: str) -> None:
    shares = []
    for number in range(5):
        page = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        DISTURBANCES[name](page, lambda: [255.0, 0.0, 0.0], 2, Dice(5, number))
        shares.append((page[:, :, 0] > 0).mean())
    assert 0 < np.mean(shares) < 0.4


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_a_degradation_keeps_the_picture_s_size_and_its_likeness(name: str) -> None:
    picture = np.full((HEIGHT, WIDTH, 3), 230, np.uint8)
    picture[10:30, 20:100] = 20
    worse = DEGRADATIONS[name](picture, 24.0, Dice(6), 1.0)
    assert (worse.shape, worse.dtype) == (picture.shape, np.uint8)
    assert np.corrcoef(picture.ravel(), worse.ravel())[0, 1] > 0.8


@pytest.mark.parametrize("name", DISTORTIONS)
def test_a_distortion_moves_ink_and_loses_little_of_it(name: str) -> None:
    layer = np.pad(fill(line(), random_palette(Dice(0), 0), "solid", Dice(0)), ((15, 15), (15, 15), (0, 0)))
    moved = distorted(layer, name, 30, Dice(7), 1.0)
    before, after = layer[:, :, 3].astype(int), moved[:, :, 3].astype(int)
    assert moved.shape == layer.shape
    assert (before != after).any()
    assert after.sum() == pytest.approx(before.sum(), rel=0.2)


@pytest.mark.parametrize("name", FILLS)
def test_a_fill_colours_the_ink_and_leaves_its_shape(name: str) -> None:
    filled = fill(line(), random_palette(Dice(8), 0.5), name, Dice(8))
    np.testing.assert_array_equal(filled[:, :, 3], line().ink)


def test_pens_draw_bolder_thinner_and_as_outlines() -> None:
    printed, bold, thin, hollow = (line(Pen(form)).ink for form in ("printed", "bold", "thin", "hollow"))  # type: ignore[arg-type]
    assert thin.astype(int).sum() < printed.astype(int).sum() < bold.astype(int).sum()
    solid = bold[3:-3, 3:-3] == 255
    assert (hollow > 0).sum() < (bold > 0).sum()
    assert solid[hollow[3:-3, 3:-3] == 0].any()  # inside an outline is no ink


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_shows_the_text_that_it_is_given(name: str) -> None:
    """With the same draws, another text gives another picture, and the same text the same."""
    first, again, other = (SCENES[name](text, FACES[0], Dice(9), 0.5) for text in ("888888", "888888", "111111"))
    np.testing.assert_array_equal(first, again)
    assert first.shape != other.shape or (first != other).any()
