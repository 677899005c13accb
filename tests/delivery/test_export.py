import numpy as np
import pytest
from onnxruntime import InferenceSession

from captcha_ocr.core.ctc import log_softmax
from captcha_ocr.core.params import load_params
from captcha_ocr.delivery.export import to_onnx
from captcha_ocr.learning.architectures import ARCHITECTURES, build_network, complete_recipe
from tests.modules import ROOT

SECTION = load_params(ROOT / "params.yaml").train


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_gives_the_same_probabilities_in_onnx_at_any_batch(name: str) -> None:
    image = complete_recipe(SECTION.model_copy(update={"architecture": name})).image
    network = build_network(name, image, classes=20)
    shape = (3, image.height, image.width, image.channels)
    pictures = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    session = InferenceSession(to_onnx(network, 17, {}).SerializeToString(), providers=["CPUExecutionProvider"])
    expected = np.exp(log_softmax(np.asarray(network.predict_on_batch(pictures))))
    for size in (1, 3):
        (found,) = session.run(None, {"image": pictures[:size]})
        np.testing.assert_allclose(found, expected[:size], atol=1e-5)
