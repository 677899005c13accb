"""Metrics of confidence, from predictions as the evaluate stage has them."""

import numpy as np
import pytest

from captcha_ocr.evaluate.confidence import above_threshold, calibration_errors, risk_coverage_table
from captcha_ocr.scoring.metrics import wilson_interval
from tests.examples import predictions

LABELS = [f"{i:02}" for i in range(50)]
PREDICTIONS = predictions(LABELS, ["xx", "0x", *LABELS[2:]], np.linspace(0.5, 0.99, 50).tolist())


def test_the_threshold_of_validation_is_judged_on_test() -> None:
    above = above_threshold(PREDICTIONS, 0.6)
    assert above is not None
    assert (above.threshold, above.pictures, above.exact_match) == (0.6, 40, 1.0)
    assert (above.exact_match_low, above.exact_match_high) == wilson_interval(40, 40)


def test_a_threshold_below_a_misreading_shows_what_it_lets_through() -> None:
    above = above_threshold(PREDICTIONS, 0.505)
    assert above is not None
    assert above.exact_match == pytest.approx(48 / 49)


def test_a_threshold_that_nothing_reaches_has_no_exact_match() -> None:
    above = above_threshold(PREDICTIONS, 0.999)
    assert above is not None
    assert (above.pictures, above.exact_match) == (0, None)


def test_without_a_threshold_there_is_nothing_to_judge() -> None:
    assert above_threshold(PREDICTIONS, None) is None


def test_the_table_reads_fewer_and_surer_pictures_first() -> None:
    table = risk_coverage_table(PREDICTIONS)
    assert table.pictures.is_monotonic_increasing
    assert table.threshold.is_monotonic_decreasing
    assert table.exact_match.tolist()[-2:] == [1 - 1 / 49, 1 - 2 / 50]


def test_calibration_errors_are_the_gaps_of_confidence_and_exactness() -> None:
    """Half of the pictures are read exactly, all with a confidence of 0.9."""
    errors = calibration_errors(predictions(LABELS, [*LABELS[:25], *["xx"] * 25], [0.9] * 50))
    assert errors.ece_equal_width == pytest.approx(0.4)
    assert errors.ece == pytest.approx(0.4, abs=0.1)
    assert 0 < errors.ece_by_chance < errors.ece
