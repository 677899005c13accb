import numpy as np
import pytest

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode, read_greedily
from captcha_ocr.scoring.reliability import bins_of_equal_number, calibration_error
from captcha_ocr.scoring.temperature import fit_temperature

CODEC = Codec("abc")


def drawn(count: int, sharpened: float, seed: int = 0) -> tuple[np.ndarray, list[str]]:
    """Logits that are `sharpened` times too sure, and labels drawn from what they are without that."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(count, 4, CODEC.classes)) * 2
    noise = rng.gumbel(size=logits.shape)  # the greatest of logits plus Gumbel noise is a draw of the softmax
    paths = (logits + noise).argmax(axis=-1)
    return logits * sharpened, [CODEC.collapse(path) for path in paths.tolist()]


@pytest.mark.parametrize("sharpened", [0.5, 1.0, 3.0])
def test_the_temperature_undoes_what_made_the_logits_too_sure(sharpened: float) -> None:
    logits, labels = drawn(1500, sharpened)
    assert fit_temperature(logits, labels, CODEC) == pytest.approx(sharpened, rel=0.1)


def test_at_the_fitted_temperature_confidence_is_exactness() -> None:
    fresh, labels = drawn(1500, 3.0, seed=1)
    errors = []
    for temperature in (1.0, fit_temperature(*drawn(1500, 3.0), CODEC)):
        found = read_greedily(fresh, CODEC, temperature)
        exact = np.array(found.texts) == np.array(labels)
        errors.append(calibration_error(bins_of_equal_number(found.confidences, exact)))
    assert errors[0] > 0.2
    assert errors[1] < 0.06


def clear_cut(count: int) -> tuple[np.ndarray, list[str]]:
    """Logits that leave little doubt, and labels that are just what is read."""
    rng = np.random.default_rng(0)
    paths = rng.integers(0, CODEC.classes, (count, 4))
    logits = 5 * np.eye(CODEC.classes)[paths] + rng.normal(size=(count, 4, CODEC.classes)) / 2
    return logits, greedy_decode(logits, CODEC)


def test_faultless_reading_of_few_pictures_does_not_make_everything_certain() -> None:
    """Likelihood alone would go to the end of the range, 0.1."""
    few = fit_temperature(*clear_cut(20), CODEC)
    assert 0.6 < few < 1


def test_the_more_pictures_are_read_without_fault_the_surer_the_readings_become() -> None:
    few, many = (fit_temperature(*clear_cut(count), CODEC) for count in (20, 400))
    assert many < few
