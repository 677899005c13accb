import numpy as np
import pytest

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.ctc.likelihood import log_softmax
from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.scoring.reliability import (
    bins_of_equal_number,
    bins_of_equal_width,
    calibration_error,
    error_if_calibrated,
    fit_temperature,
    pictures_to_prove,
    risk_coverage,
    text_confidences,
    threshold_for,
)

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
    logits, labels = drawn(1500, 3.0)
    fresh, fresh_labels = drawn(1500, 3.0, seed=1)
    texts = greedy_decode(fresh, CODEC)
    exact = np.array(texts) == np.array(fresh_labels)
    errors = [
        calibration_error(bins_of_equal_number(text_confidences(fresh, texts, CODEC, temperature), exact))
        for temperature in (1.0, fit_temperature(logits, labels, CODEC))
    ]
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


def test_a_temperature_changes_no_reading() -> None:
    logits, _ = drawn(50, 1.0)
    assert greedy_decode(logits / 2.5, CODEC) == greedy_decode(logits, CODEC)


def test_probabilities_may_stand_for_logits() -> None:
    logits, labels = drawn(20, 1.0)
    np.testing.assert_allclose(
        text_confidences(log_softmax(logits), labels, CODEC, 1.7), text_confidences(logits, labels, CODEC, 1.7)
    )


def test_the_calibration_error_weighs_gaps_by_pictures() -> None:
    confidences, exact = np.array([0.2, 0.4, 0.9, 0.9, 0.9, 0.9]), np.array([0, 1, 1, 1, 1, 0], dtype=bool)
    two_bins = bins_of_equal_width(confidences, exact, count=2)
    assert [b.pictures for b in two_bins] == [2, 4]
    assert calibration_error(two_bins) == pytest.approx((2 * 0.2 + 4 * 0.15) / 6)
    three_bins = bins_of_equal_number(confidences, exact, count=3)
    assert [b.pictures for b in three_bins] == [2, 2, 2]
    assert calibration_error(three_bins) == pytest.approx((2 * 0.2 + 2 * 0.1 + 2 * 0.4) / 6)


def test_a_certain_reading_falls_into_the_last_bin() -> None:
    (last,) = bins_of_equal_width(np.array([1.0]), np.array([True]))
    assert (last.confidence, last.exact_match) == (1.0, 1.0)


def test_chance_alone_leaves_an_error_that_shrinks_with_pictures() -> None:
    few, many = (error_if_calibrated(np.full(n, 0.8), draws=200) for n in (60, 6000))
    assert few > 5 * many > 0


def test_the_surest_come_first_with_their_interval() -> None:
    confidences, exact = np.array([0.5, 0.9, 0.7, 0.8]), np.array([False, True, True, True])
    rows = risk_coverage(confidences, exact, coverages=(0.5, 1.0))
    assert [(r.pictures, r.threshold, r.exact_match) for r in rows] == [(2, 0.8, 1.0), (4, 0.5, 0.75)]
    assert (rows[1].low, rows[1].high) == wilson_interval(3, 4)


def test_among_equals_the_misread_count_first() -> None:
    rows = risk_coverage(np.array([0.9, 0.9]), np.array([True, False]), coverages=(0.5,))
    assert rows[0].exact_match == 0


@pytest.mark.parametrize(
    ("confidences", "exact", "threshold"),
    [
        ([0.9, 0.8, 0.7, 0.6], [1, 1, 0, 1], 0.8),
        ([0.9, 0.8, 0.7, 0.6], [1, 1, 1, 1], 0.6),
        ([0.9, 0.8, 0.7, 0.6], [0, 1, 1, 1], None),
        ([0.9, 0.9, 0.8, 0.8], [1, 1, 1, 0], 0.9),
    ],
)
def test_the_threshold_is_the_lowest_that_reaches_the_target(confidences, exact, threshold) -> None:
    assert threshold_for(np.array(confidences), np.array(exact, dtype=bool)) == threshold


def test_a_lower_target_lets_some_misreadings_through() -> None:
    confidences, exact = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    assert threshold_for(confidences, exact, target=0.75) == 0.6


def test_as_many_pictures_prove_the_target_and_one_fewer_do_not() -> None:
    enough = pictures_to_prove(0.999)
    assert wilson_interval(enough, enough)[0] >= 0.999
    assert wilson_interval(enough - 1, enough - 1)[0] < 0.999
