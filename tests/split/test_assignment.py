import hashlib
from collections import Counter

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import SplitParams
from captcha_ocr.split.assignment import check_splits, side_in_fold, split_of

PARAMS = SplitParams(validation=0.1, test=0.1, seed=0)
DIGESTS = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(20_000)]


def test_the_shares_hold_to_within_noise() -> None:
    sides = [split_of(digest, PARAMS) for digest in DIGESTS]
    for side, share in (("test", 0.1), ("validation", 0.1), ("train", 0.8)):
        # five standard deviations of a binomial share
        assert sides.count(side) / len(sides) == pytest.approx(share, abs=5 * (share * (1 - share) / len(sides)) ** 0.5)


def test_a_picture_s_side_depends_on_nothing_but_itself_and_the_seed() -> None:
    """Adding pictures moves none, and equal pictures land on one side."""
    # The rule worked out again from hex digits: a change of it would move every user's pictures.
    expected = {"test": 0.0, "validation": 0.1, "train": 0.2}
    for digest in DIGESTS[:50]:
        position = int(hashlib.sha256(f"0:{digest}".encode()).hexdigest()[:16], 16) / 2**64
        assert split_of(digest, PARAMS) == max(
            (s for s in expected if expected[s] <= position), key=expected.__getitem__
        )
    moved = [split_of(d, PARAMS) != split_of(d, PARAMS.model_copy(update={"seed": 1})) for d in DIGESTS]
    assert any(moved)


def test_each_picture_is_held_out_in_one_fold_and_validates_in_the_same_share_of_the_others() -> None:
    sides = [[side_in_fold(digest, 0, fold, 5, 0.1) for fold in range(5)] for digest in DIGESTS]
    assert all(of_one.count("test") == 1 for of_one in sides)
    for fold in range(5):
        counts = Counter(of_one[fold] for of_one in sides)
        assert counts["test"] / len(sides) == pytest.approx(0.2, abs=0.015)
        assert counts["validation"] / (counts["validation"] + counts["train"]) == pytest.approx(0.1, abs=0.015)


def test_a_symbol_that_never_trains_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match=r"no training label holds c:"):
        check_splits(["ab", "c", "a"], ["train", "validation", "test"], "abc")


def test_an_empty_side_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match="split test is empty"):
        check_splits(["a", "a"], ["train", "validation"], "a")
