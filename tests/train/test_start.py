"""Starting from a network that `train.pretrained` names."""

from pathlib import Path

import keras
import numpy as np
import pytest

from captcha_ocr.artifacts.start import NETWORK, WEIGHTS, Start
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import build_network
from captcha_ocr.network.model_file import save_network
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.train.pretrained import save_pretrained_weights
from captcha_ocr.train.start import copy_start, starting_network, weights_before
from tests.examples import FIT

SIZE = InputSize(64, 16)
PARAMS = FIT.train.model_copy(update={"pretrained": "mine"})


def compact(codec: Codec, architecture: str = "compact") -> keras.Model:
    return build_network(architecture, SIZE, codec.classes)


def put(folder: Path, file: str, **about: str) -> Path:
    Start(source="mine", file=file, sha256=sha256_of(folder / file), **about).write_to(folder)
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Path:
    """The copy of a network of random weights for the alphabet ab."""
    keras.utils.set_random_seed(1)
    save_network(compact(Codec("ab")), tmp_path / NETWORK)
    return put(tmp_path, NETWORK, alphabet="ab", architecture="compact")


def reads(network: keras.Model) -> np.ndarray:
    pictures = np.random.default_rng(0).integers(0, 255, (3, 16, 64, 1)).astype(np.uint8)
    return np.asarray(network.predict_on_batch(pictures))


def test_a_network_of_the_same_symbols_says_what_the_named_one_said(start: Path, capsys) -> None:
    network = compact(Codec("ab"))
    copied = copy_start(network, Codec("ab"), PARAMS, start)
    named = keras.saving.load_model(start / NETWORK, compile=False)
    np.testing.assert_allclose(reads(network), reads(named), atol=1e-5)
    assert copied is not None
    assert (copied.source, copied.sha256) == ("mine", sha256_of(start / NETWORK))
    assert "starting from mine (SHA-256 " in capsys.readouterr().out


def test_new_symbols_are_said(start: Path, capsys) -> None:
    copied = copy_start(compact(Codec("bc")), Codec("bc"), PARAMS, start)
    assert copied is not None
    assert (copied.symbols, copied.new_symbols) == ("b", "c")
    assert "symbols b; new symbols: c" in capsys.readouterr().out


def test_a_file_of_weights_is_taken_too(tmp_path: Path) -> None:
    network = compact(Codec("ab"))
    save_pretrained_weights(network, Codec("ab"), tmp_path / WEIGHTS)
    other = compact(Codec("ab"))
    copy_start(other, Codec("ab"), PARAMS, put(tmp_path, WEIGHTS))
    np.testing.assert_allclose(reads(other), reads(network), atol=1e-2)  # stored as float16


def test_a_network_of_another_size_is_refused_with_the_one_that_fits(start: Path) -> None:
    params = PARAMS.model_copy(update={"architecture": "keras_io"})
    with pytest.raises(
        CaptchaOcrError, match=r"mine do not fit .*They are of compact: set train\.architecture to that"
    ):
        copy_start(compact(Codec("ab"), "keras_io"), Codec("ab"), params, start)


def test_the_copy_of_something_else_is_refused(start: Path) -> None:
    for source in ("yours", "mine"):
        with pytest.raises(CaptchaOcrError, match=r"does not hold what train\.pretrained names.*dvc repro"):
            copy_start(compact(Codec("ab")), Codec("ab"), PARAMS.model_copy(update={"pretrained": source}), start)
        (start / NETWORK).write_bytes(b"replaced")


def test_the_network_before_the_fit_is_built_again_for_a_fit_that_started_from_one(start: Path) -> None:
    named = keras.saving.load_model(start / NETWORK, compile=False)
    before = starting_network(FIT.model_copy(update={"alphabet": "ab", "train": PARAMS}), start)
    assert before is not None
    np.testing.assert_allclose(reads(before), reads(named), atol=1e-5)
    assert starting_network(FIT, start) is None


def test_what_the_start_did_not_know_is_not_moved_back(start: Path) -> None:
    network, codec = compact(Codec("abc")), Codec("abc")
    before = weights_before(network, codec, PARAMS, start)
    moved = [not np.array_equal(a, b) for a, b in zip(before, network.get_weights(), strict=True)]
    assert any(moved)
    np.testing.assert_array_equal(before[-2][:, 3], network.get_weights()[-2][:, 3])  # the classifier's column of c
