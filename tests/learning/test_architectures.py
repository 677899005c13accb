import keras
import numpy as np
import pytest

from captcha_ocr.core.params import ImageParams
from captcha_ocr.core.time_steps import time_steps
from captcha_ocr.learning.architectures import BUILDERS, build_network


def test_keras_io_has_the_published_number_of_parameters() -> None:
    network = build_network("keras_io", ImageParams(width=200, height=50), classes=21)
    assert network.count_params() == 432_725
    assert network.output_shape == (None, 50, 21)


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize(("width", "height"), [(200, 50), (97, 32), (135, 33), (64, 16)])
def test_time_steps_are_known_before_building(name: str, width: int, height: int) -> None:
    network = build_network(name, ImageParams(width=width, height=height), classes=5)
    assert network.output_shape == (None, time_steps(name, width), 5)


@pytest.mark.parametrize("name", BUILDERS)
def test_a_network_takes_uint8_gives_logits_and_holds_no_code(name: str) -> None:
    network = build_network(name, ImageParams(width=64, height=16), classes=5)
    logits = np.asarray(network.predict_on_batch(np.zeros((2, 16, 64, 1), np.uint8)))
    assert logits.dtype == np.float32
    assert not np.allclose(logits.sum(axis=-1), 1)
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in network.layers)
