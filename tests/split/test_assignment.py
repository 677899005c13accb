import hashlib

import pytest

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import SIDES, Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import SplitParams
from captcha_ocr.split.assignment import assign, check_splits, side_of

PARAMS = SplitParams(validation=0.1, test=0.1, seed=0)
DIGESTS = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(20_000)]


def test_the_shares_hold_to_within_noise() -> None:
    sides = [side_of(digest, PARAMS) for digest in DIGESTS]
    for side, share in (("test", 0.1), ("validation", 0.1), ("train", 0.8)):
        # five standard deviations of a binomial share
        assert sides.count(side) / len(sides) == pytest.approx(share, abs=5 * (share * (1 - share) / len(sides)) ** 0.5)


def test_a_picture_s_side_depends_on_nothing_but_itself_and_the_seed() -> None:
    """Adding pictures moves none, and equal pictures land on one side."""
    # The rule worked out again from hex digits: a change of it would move every user's pictures.
    expected = {"test": 0.0, "validation": 0.1, "train": 0.2}
    for digest in DIGESTS[:50]:
        position = int(hashlib.sha256(f"0:{digest}".encode()).hexdigest()[:16], 16) / 2**64
        assert side_of(digest, PARAMS) == max(
            (s for s in expected if expected[s] <= position), key=expected.__getitem__
        )
    moved = [side_of(d, PARAMS) != side_of(d, PARAMS.model_copy(update={"seed": 1})) for d in DIGESTS]
    assert any(moved)


def splits(labels: list[str], sides: list[str]) -> Splits:
    return Splits.from_rows(
        {"file": f"{label}.png", "label": label, "split": side} for label, side in zip(labels, sides, strict=True)
    )


def test_every_picture_of_the_manifest_is_on_the_side_of_its_pixels() -> None:
    rows = [{"file": f"{i}.png", "label": "ab"[i % 2], "pixels_sha256": DIGESTS[i]} for i in range(200)]
    found = assign(Manifest.from_rows(rows), PARAMS, "ab")
    assert found.file.tolist() == [row["file"] for row in rows]
    assert found.label.tolist() == [row["label"] for row in rows]
    assert found.split.tolist() == [side_of(row["pixels_sha256"], PARAMS) for row in rows]


def test_a_symbol_that_never_trains_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match=r"no training label holds c:"):
        check_splits(splits(["ab", "c", "a"], list(SIDES)), "abc")


def test_an_empty_side_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match="split test is empty"):
        check_splits(splits(["a", "b"], ["train", "validation"]), "a")
