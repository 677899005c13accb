import keras
import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.architectures import build_network
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.train.calibration import calibrate

CODEC = Codec("ab")


def test_a_network_gets_a_temperature_and_a_threshold() -> None:
    """Where all labels are what is read, the threshold lets everything through; where none is, there is none."""
    keras.utils.set_random_seed(0)
    network = build_network("compact", InputSize(64, 16), CODEC.classes)
    # Sure of what it reads, so that being wrong is a surprise.
    network.layers[-1].set_weights([weight * 20 for weight in network.layers[-1].get_weights()])
    inputs = np.random.default_rng(0).integers(0, 255, (8, 16, 64, 1)).astype(np.uint8)
    files = [f"{i}.png" for i in range(8)]
    texts = greedy_decode(read_logits(network, inputs), CODEC)
    right = calibrate(network, Samples(files, texts, inputs), CODEC)
    assert 0.1 <= right.temperature <= 10
    assert right.confidence_threshold is not None
    assert right.confidence_threshold > 0
    wrong = calibrate(network, Samples(files, [("b" if text == "a" else "a") for text in texts], inputs), CODEC)
    assert wrong.confidence_threshold is None
    assert wrong.temperature > right.temperature
