from pathlib import Path

import keras
import numpy as np
import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.architectures import build_network
from captcha_ocr.network.reading import read_logits
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pretraining.texts import ALPHABET
from captcha_ocr.scoring.metrics import character_error_rate
from captcha_ocr.train.pretrained import copy_shipped_weights, load_pretrained_weights, save_pretrained_weights
from tests.rendered import printed_texts

INPUT_SIZE = InputSize(64, 24)


def compact(codec: Codec, input_size: InputSize = INPUT_SIZE) -> keras.Model:
    return build_network("compact", input_size, codec.classes)


def logits(network: keras.Model, input_size: InputSize = INPUT_SIZE) -> np.ndarray:
    shape = (3, input_size.height, input_size.width, 1)
    grey = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    return np.asarray(network.predict_on_batch(np.repeat(grey, input_size.channels, axis=3)))


@pytest.fixture
def stored(tmp_path: Path) -> tuple[keras.Model, Path]:
    """A network of random weights for the alphabet abc, and the file it was saved to."""
    network, path = compact(Codec("abc")), tmp_path / "compact.npz"
    save_pretrained_weights(network, Codec("abc"), path)
    return network, path


def test_with_the_same_alphabet_the_network_says_what_the_saved_one_said(stored) -> None:
    network, path = stored
    copy = compact(Codec("abc"))
    assert not np.allclose(logits(copy), logits(network), atol=1e-2)
    copied = load_pretrained_weights(copy, Codec("abc"), path)
    assert (copied.resized, copied.symbols) == ((), "abc")
    np.testing.assert_allclose(logits(copy), logits(network), atol=1e-2)  # stored as float16


def test_shared_symbols_keep_their_meaning_under_another_alphabet(stored) -> None:
    network, path = stored
    other = compact(Codec("xca"))
    assert load_pretrained_weights(other, Codec("xca"), path).symbols == "ca"
    # Classes: blank, x, c, a against blank, a, b, c.
    np.testing.assert_allclose(logits(other)[..., [0, 2, 3]], logits(network)[..., [0, 3, 1]], atol=1e-2)


def test_colour_pictures_of_a_grey_text_read_as_grey_ones(stored) -> None:
    network, path = stored
    input_size = InputSize(INPUT_SIZE.width, INPUT_SIZE.height, channels=3)
    colour = compact(Codec("abc"), input_size)
    assert load_pretrained_weights(colour, Codec("abc"), path).resized == ("conv2d0.kernel",)
    np.testing.assert_allclose(logits(colour, input_size), logits(network), atol=2e-2)


def test_pictures_of_another_height_take_the_kernel_stretched_over_the_rows(stored) -> None:
    _, path = stored
    higher = compact(Codec("abc"), InputSize(64, 48))
    copied = load_pretrained_weights(higher, Codec("abc"), path)
    assert copied.resized == ("conv1d0.kernel",)


def test_another_architecture_is_refused_and_left_as_it_was(stored) -> None:
    network = build_network("keras_io", INPUT_SIZE, 4)
    before = logits(network)
    with pytest.raises(CaptchaOcrError, match=r"compact\.npz do not fit the network: conv2d0\.kernel .*pretrained"):
        load_pretrained_weights(network, Codec("abc"), stored[1])
    np.testing.assert_array_equal(logits(network), before)


def test_both_directions_of_a_recurrent_layer_are_taken(tmp_path: Path) -> None:
    def recurrent() -> keras.Model:
        steps = keras.Input((4, 3, 1))
        x = keras.layers.Reshape((4, 6))(keras.layers.Conv2D(2, 1)(steps))
        x = keras.layers.Bidirectional(keras.layers.GRU(2, return_sequences=True))(x)
        return keras.Model(steps, keras.layers.Dense(3, name="logits")(x))

    network, copy = recurrent(), recurrent()
    save_pretrained_weights(network, Codec("ab"), tmp_path / "recurrent.npz")
    load_pretrained_weights(copy, Codec("ab"), tmp_path / "recurrent.npz")
    for taken, stored in zip(copy.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(taken, stored, atol=1e-3)


def test_an_architecture_without_shipped_weights_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match=r"no pretrained weights are shipped for keras_io: set train\.pretrained"):
        copy_shipped_weights(build_network("keras_io", INPUT_SIZE, 4), Codec("abc"), "keras_io")


def test_the_shipped_weights_read_printed_texts_without_any_fitting() -> None:
    codec, input_size = Codec(ALPHABET), InputSize(200, 50)
    network = compact(codec, input_size)
    copy_shipped_weights(network, codec, "compact")
    pictures, texts = printed_texts(60, input_size, seed=123)
    read = greedy_decode(read_logits(network, pictures), codec)
    assert character_error_rate(texts, read) < 0.3


def test_two_lines_of_the_recipe_s_height_take_the_shipped_weights_as_they_are() -> None:
    codec = Codec(ALPHABET)
    network = compact(codec, InputSize(200, 100, lines=2))
    assert copy_shipped_weights(network, codec, "compact").resized == ()
    pictures, texts = printed_texts(60, InputSize(200, 50), seed=123)
    read = greedy_decode(read_logits(network, np.concatenate([pictures[:30], pictures[30:]], axis=1)), codec)
    both = [upper + lower for upper, lower in zip(texts[:30], texts[30:], strict=True)]
    assert character_error_rate(both, read) < 0.3
