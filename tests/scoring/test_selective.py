import numpy as np
import pytest

from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.scoring.selective import most_confident_first, pictures_to_prove, risk_coverage, threshold_for


def test_the_surest_come_first_with_their_interval() -> None:
    confidences, exact = np.array([0.5, 0.9, 0.7, 0.8]), np.array([False, True, True, True])
    rows = risk_coverage(confidences, exact, coverages=(0.5, 1.0))
    assert [(r.pictures, r.threshold, r.exact_match) for r in rows] == [(2, 0.8, 1.0), (4, 0.5, 0.75)]
    assert (rows[1].low, rows[1].high) == wilson_interval(3, 4)


def test_among_equals_the_misread_count_first() -> None:
    assert most_confident_first(np.array([0.5, 0.9, 0.9]), np.array([True, True, False])).tolist() == [2, 1, 0]
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
