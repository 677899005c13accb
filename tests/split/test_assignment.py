import hashlib
from pathlib import Path

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


DRAWN = [side_of(digest, PARAMS) for digest in DIGESTS[:200]]


def manifest(given: list[str | None]) -> Manifest:
    """A manifest of pictures with these given splits."""
    return Manifest.from_rows(
        {"file": f"{i}.png", "label": "ab"[i % 2], "pixels_sha256": DIGESTS[i], "given_split": side}
        for i, side in enumerate(given)
    )


def splits(labels: list[str], sides: list[str]) -> Splits:
    return Splits.from_rows(
        {"file": f"{label}.png", "label": label, "split": side} for label, side in zip(labels, sides, strict=True)
    )


def test_every_picture_of_the_manifest_is_on_the_side_of_its_pixels() -> None:
    described = manifest([None] * 200)
    found = assign(described, PARAMS, "ab")
    assert found.file.tolist() == described.file.tolist()
    assert found.label.tolist() == described.label.tolist()
    assert found.split.tolist() == DRAWN


def given(source: list[str | None], path: Path) -> list[str]:
    """The splits of pictures that the source assigns as `source` says, through the manifest's file."""
    manifest(source).write_to(path)
    return assign(Manifest.read_from(path), PARAMS, "ab").split.tolist()


def test_the_splits_that_a_source_gives_hold(tmp_path: Path) -> None:
    source = [SIDES[i % 3] for i in range(200)]
    assert given(source, tmp_path) == source


@pytest.mark.parametrize("kind", ["train", None])
def test_validation_is_drawn_from_what_is_not_test_if_the_source_gives_a_test_alone(
    tmp_path: Path, kind: str | None
) -> None:
    found = given(["test" if i < 100 else kind for i in range(200)], tmp_path)
    assert found[:100] == ["test"] * 100
    assert found[100:] == ["train" if side == "test" else side for side in DRAWN[100:]]
    assert "validation" in found


def test_a_test_is_drawn_if_the_source_gives_a_validation_alone(tmp_path: Path) -> None:
    found = given(["validation" if i < 100 else "train" for i in range(200)], tmp_path)
    assert found[:100] == ["validation"] * 100
    assert found[100:] == ["train" if side == "validation" else side for side in DRAWN[100:]]
    assert "test" in found


def test_both_are_drawn_if_the_source_gives_training_alone(tmp_path: Path) -> None:
    assert given(["train"] * 200, tmp_path) == DRAWN


def test_a_picture_without_a_split_trains_where_others_have_one(tmp_path: Path) -> None:
    source = [SIDES[i % 3] if i < 100 else None for i in range(200)]
    assert given(source, tmp_path)[100:] == ["train"] * 100


def test_a_symbol_that_never_trains_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match=r"no training label holds c:"):
        check_splits(splits(["ab", "c", "a"], list(SIDES)), "abc")


def test_an_empty_side_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match="split test is empty"):
        check_splits(splits(["a", "b"], ["train", "validation"]), "a")
