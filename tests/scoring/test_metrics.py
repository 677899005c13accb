import numpy as np
import pytest

from captcha_ocr.scoring.metrics import (
    Proportion,
    character_error_rate,
    edit_distances,
    exact_match,
    exact_proportion,
    position_accuracy,
    symbol_pairs,
    wilson_interval,
)

LABELS = ["abc", "aabb", "c"]
TEXTS = ["abc", "abb", "d"]


def test_cer_is_all_edits_over_all_label_characters() -> None:
    assert edit_distances(LABELS, TEXTS) == [0, 1, 1]
    assert character_error_rate(LABELS, TEXTS) == 2 / 8


def test_exact_match_counts_whole_texts() -> None:
    assert exact_match(LABELS, TEXTS) == pytest.approx(1 / 3)


def test_the_wilson_interval_agrees_with_the_published_formula() -> None:
    """Wilson (1927), worked by hand: p = 98/100, z = 1.96."""
    z, n, p = 1.959964, 100, 0.98
    centre, spread = (p + z * z / (2 * n)) / (1 + z * z / n), z * ((p * (1 - p) + z * z / (4 * n)) / n) ** 0.5
    low, high = wilson_interval(98, 100)
    assert low == pytest.approx(centre - spread / (1 + z * z / n), abs=1e-5)
    assert high == pytest.approx(centre + spread / (1 + z * z / n), abs=1e-5)


def test_an_interval_never_leaves_zero_to_one() -> None:
    assert wilson_interval(0, 5)[0] == 0
    assert wilson_interval(5, 5)[1] == 1


def test_a_proportion_is_the_share_with_its_interval() -> None:
    assert Proportion.of([True, False, True, True]) == Proportion(4, 3, 0.75, *wilson_interval(3, 4))
    assert Proportion.of(np.array([False, False])) == Proportion(2, 0, 0.0, *wilson_interval(0, 2))
    assert Proportion.of(outcome for outcome in (True,)) == Proportion(1, 1, 1.0, *wilson_interval(1, 1))


def test_the_proportion_of_exact_texts_is_the_exact_match() -> None:
    exact = exact_proportion(LABELS, TEXTS)
    assert (exact.samples, exact.correct, exact.share) == (3, 1, exact_match(LABELS, TEXTS))


def test_position_accuracy_counts_only_labels_that_reach_the_position() -> None:
    assert position_accuracy(LABELS, TEXTS) == [2 / 3, 1 / 2, 1.0, 0.0]


def test_missing_and_added_symbols_stand_in_the_confusion() -> None:
    pairs = symbol_pairs(["abc", "a"], ["abd", "ab"])
    assert pairs == {("a", "a"): 2, ("b", "b"): 1, ("c", "d"): 1, ("∅", "b"): 1}
