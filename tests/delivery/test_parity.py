import numpy as np
import pytest

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.data.samples import Samples
from captcha_ocr.delivery.parity import compare

CODEC = Codec("ab")
EXPECTED = np.random.default_rng(0).dirichlet(np.ones(3), (70, 4)).astype(np.float32)
SAMPLES = Samples([f"{i}.png" for i in range(70)], ["a"] * 70, np.arange(70, dtype=np.uint8).reshape(70, 1, 1, 1))


class Session:
    """Stands in for onnxruntime with known answers, so that a wrong one can be staged."""

    def __init__(self, answers: np.ndarray) -> None:
        self.answers = answers

    def get_inputs(self) -> list:
        return [type("Input", (), {"name": "image"})()]

    def run(self, _: None, feed: dict) -> list:
        return [self.answers[feed["image"].ravel()]]


def test_equal_answers_pass_at_every_batch_size() -> None:
    parity = compare(Session(EXPECTED), EXPECTED, SAMPLES, CODEC)
    assert parity.as_json()["text_mismatches"] == 0
    assert parity.batch_sizes == (1, 7, 64)
    parity.raise_mismatch(1e-4)


def test_a_text_that_differs_names_its_picture() -> None:
    wrong = EXPECTED.copy()
    wrong[42] = np.eye(3)[[2, 0, 2, 2]] if EXPECTED[42, 0].argmax() != 2 else np.eye(3)[[1, 1, 1, 1]]
    parity = compare(Session(wrong), EXPECTED, SAMPLES, CODEC)
    with pytest.raises(CaptchaOcrError, match=r"42\.png"):
        parity.raise_mismatch(1.0)


@pytest.mark.parametrize("drift", [0.01, float("nan")])
def test_probabilities_that_drift_fail_even_where_texts_agree(drift: float) -> None:
    moved = EXPECTED.copy()
    moved[3, 0, EXPECTED[3, 0].argmin()] = drift if drift != drift else EXPECTED[3, 0].min() - drift
    parity = compare(Session(moved), EXPECTED, SAMPLES, CODEC)
    with pytest.raises(CaptchaOcrError):
        parity.raise_mismatch(1e-4)
