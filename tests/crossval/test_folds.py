import hashlib
from collections import Counter

import pytest

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.crossval.folds import assign_fold, side_in_fold

DIGESTS = [hashlib.sha256(str(i).encode()).hexdigest() for i in range(20_000)]


def test_each_picture_is_held_out_in_one_fold_and_validates_in_the_same_share_of_the_others() -> None:
    sides = [[side_in_fold(digest, 0, fold, 5, 0.1) for fold in range(5)] for digest in DIGESTS]
    assert all(of_one.count("test") == 1 for of_one in sides)
    for fold in range(5):
        counts = Counter(of_one[fold] for of_one in sides)
        assert counts["test"] / len(sides) == pytest.approx(0.2, abs=0.015)
        assert counts["validation"] / (counts["validation"] + counts["train"]) == pytest.approx(0.1, abs=0.015)


def test_every_picture_of_the_manifest_is_on_the_side_of_its_pixels() -> None:
    rows = [{"file": f"{i}.png", "label": "ab"[i % 2], "pixels_sha256": DIGESTS[i]} for i in range(200)]
    found = assign_fold(Manifest.from_rows(rows), 0, 1, 5, 0.1, "ab")
    assert found.file.tolist() == [row["file"] for row in rows]
    assert found.split.tolist() == [side_in_fold(row["pixels_sha256"], 0, 1, 5, 0.1) for row in rows]
