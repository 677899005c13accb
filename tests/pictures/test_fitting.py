"""Padding, against the same by Pillow and numpy."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import InferenceSession
from PIL import Image

from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import pixels_graph, to_input

PAD = InputSize(120, 40, fit="pad")
COLOUR = InputSize(120, 40, channels=3, fit="pad")


def random_pixels(width: int, height: int, channels: int = 1, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels)).astype(np.uint8)


def sides_of(width: int, height: int, input_size: InputSize) -> tuple[int, int]:
    """As high as the network's input, or as wide where it would not fit in; by exact fractions."""
    share = min(Fraction(input_size.height, height), Fraction(input_size.width, width))
    rounded = [max(1, math.floor(side * share + Fraction(1, 2))) for side in (width, height)]
    return rounded[0], rounded[1]


@pytest.mark.parametrize(
    ("width", "height"),
    [(60, 20), (30, 40), (31, 17), (121, 40), (300, 40), (90, 90), (2000, 20), (20, 2000), (7, 2), (2, 5), (40, 13)],
)
@pytest.mark.parametrize("input_size", [PAD, COLOUR], ids=["grey", "colour"])
def test_a_picture_keeps_its_proportions_and_lies_left_in_the_colour_of_its_border(
    width: int, height: int, input_size: InputSize
) -> None:
    pixels = random_pixels(width, height, input_size.channels)
    seen = to_input(pixels, input_size).astype(int)

    own_width, own_height = sides_of(width, height, input_size)
    top = (input_size.height - own_height) // 2
    inside = np.s_[top : top + own_height, :own_width]
    pillow = Image.fromarray(pixels.squeeze()).resize((own_width, own_height), Image.Resampling.BILINEAR)
    difference = np.abs(seen[inside] - np.asarray(pillow).reshape(own_height, own_width, -1))
    # Where a picture shrinks, onnxruntime weights the pixels at its edges otherwise than Pillow.
    assert difference[2:-2, 2:-2].max(initial=0) <= 1

    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    seen[inside] = np.sort(border, axis=0)[(len(border) - 1) // 2]
    assert (seen == seen[top, 0]).all()


def test_a_picture_of_the_network_s_proportions_is_the_same_padded_and_stretched() -> None:
    pixels = random_pixels(90, 30, 3)
    np.testing.assert_array_equal(to_input(pixels, PAD), to_input(pixels, InputSize(120, 40)))


def test_one_pixel_becomes_a_square_and_all_around_it_is_alike() -> None:
    assert (to_input(np.full((1, 1, 1), 77, np.uint8), PAD) == 77).all()


@settings(max_examples=60)
@given(width=st.integers(1, 400), height=st.integers(1, 200))
def test_the_sides_said_in_python_are_those_of_the_graph(width: int, height: int) -> None:
    own_width, own_height = PAD.sides(width, height)
    assert (own_width, own_height) == sides_of(width, height, PAD)
    assert own_width == 120 or own_height == 40
    noise = random_pixels(width, height, seed=width)
    seen, scaled = to_input(noise, PAD)[:, :, 0], to_input(noise, InputSize(own_width, own_height))[:, :, 0]
    top = (40 - own_height) // 2
    np.testing.assert_array_equal(seen[top : top + own_height, :own_width], scaled)
    outside = np.ones((40, 120), bool)
    outside[top : top + own_height, :own_width] = False
    assert len(set(seen[outside].tolist())) <= 1


@pytest.mark.parametrize("ground", [20, 130, 255])
def test_a_line_that_crosses_the_border_leaves_no_trace_in_the_padding(ground: int) -> None:
    pixels = np.full((40, 60, 1), ground, np.uint8)
    pixels[18:22] = 255 - ground
    assert (to_input(pixels, PAD)[:, 60:] == ground).all()


def test_what_is_transparent_at_the_border_is_padded_with_white() -> None:
    pixels = np.zeros((40, 60, 4), np.uint8)
    pixels[10:30, 10:50] = (200, 0, 0, 255)
    seen = to_input(pixels, COLOUR)
    assert (seen[:, 60:] == 255).all()
    assert (seen[20, 30] == (200, 0, 0)).all()


def test_pictures_of_a_batch_have_the_colours_of_their_own_borders() -> None:
    batch = np.stack([np.full((20, 30, 3), colour, np.uint8) for colour in [(250, 9, 9), (0, 80, 200)]])
    (seen,) = InferenceSession(pixels_graph(COLOUR).SerializeToString()).run(None, {"image": batch})
    assert (seen[0] == (250, 9, 9)).all()
    assert (seen[1] == (0, 80, 200)).all()
