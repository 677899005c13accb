import numpy as np
import pytest

from captcha_ocr.scoring.reliability import (
    bins_of_equal_number,
    bins_of_equal_width,
    calibration_error,
    error_if_calibrated,
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
