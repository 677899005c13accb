import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnxruntime import InferenceSession
from PIL import Image

from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import pixels_graph, to_input

CHANNELS = {"L": 1, "LA": 2, "RGB": 3, "RGBA": 4}


def random_pixels(width: int, height: int, channels: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, channels)).astype(np.uint8)


def as_pillow(pixels: np.ndarray, input_size: InputSize) -> np.ndarray:
    """The same by Pillow, which rounds after each step."""
    mode = next(mode for mode, channels in CHANNELS.items() if channels == pixels.shape[2])
    coloured = Image.fromarray(pixels.squeeze(2) if mode == "L" else pixels, mode).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured)
    flat = flat.convert("L" if input_size.channels == 1 else "RGB")
    resized = flat.resize((input_size.width, input_size.height), Image.Resampling.BILINEAR)
    return np.asarray(resized).reshape(input_size.height, input_size.width, input_size.channels)


@pytest.mark.parametrize("seen", [1, 3])
@pytest.mark.parametrize("given_channels", CHANNELS.values())
def test_colours_and_transparency_are_pillow_s_to_one_level(given_channels: int, seen: int) -> None:
    pixels, input_size = random_pixels(31, 17, given_channels), InputSize(31, 17, seen)
    assert np.abs(to_input(pixels, input_size).astype(int) - as_pillow(pixels, input_size)).max() <= 1


def test_grey_of_the_right_size_passes_unchanged() -> None:
    pixels = random_pixels(200, 50, 1)
    np.testing.assert_array_equal(to_input(pixels, InputSize(200, 50)), pixels)


def test_transparent_is_white() -> None:
    assert (to_input(np.zeros((4, 4, 4), np.uint8), InputSize(8, 8)) == 255).all()


@settings(max_examples=60)
@given(width=st.integers(1, 300), height=st.integers(1, 120), channels=st.sampled_from([1, 2, 3, 4]))
def test_any_size_becomes_the_network_s_and_one_colour_stays_one(width: int, height: int, channels: int) -> None:
    plain = np.full((height, width, channels), 100, np.uint8)
    plain[:, :, 1 if channels == 2 else 3 :] = 255
    seen = to_input(plain, InputSize(120, 40))
    assert seen.shape == (40, 120, 1)
    assert (seen == 100).all()


def test_shrinking_averages_and_does_not_skip() -> None:
    """Every other column is black: a sample of single columns would see black or white."""
    striped = np.tile(np.array([0, 255], np.uint8), (50, 400))[:, :, None]
    inner = to_input(striped, InputSize(100, 50))[:, 2:-2]
    assert np.abs(inner.astype(int) - 127).max() <= 16


def test_pictures_of_a_batch_do_not_touch_each_other() -> None:
    pixels = np.stack([random_pixels(37, 20, 3, seed) for seed in range(3)])
    session = InferenceSession(pixels_graph(InputSize(64, 16)).SerializeToString())
    (batch,) = session.run(None, {"image": pixels})
    np.testing.assert_array_equal(batch, np.stack([to_input(p, InputSize(64, 16)) for p in pixels]))


@pytest.mark.parametrize("shape", [(0, 5, 5, 1), (1, 0, 5, 1), (1, 5, 5, 0), (1, 5, 5, 5)])
def test_what_is_no_picture_is_an_error(shape: tuple[int, ...]) -> None:
    session = InferenceSession(pixels_graph(InputSize(64, 16)).SerializeToString())
    with pytest.raises(Exception, match="ONNXRuntimeError"):
        session.run(None, {"image": np.zeros(shape, np.uint8)})
