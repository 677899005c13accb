"""Equal and like pictures are found as a comparison of each with each finds them."""

from itertools import combinations

import numpy as np
import pytest

from captcha_ocr.overview import pairs
from captcha_ocr.overview.pairs import Pair, duplicates, most_alike
from tests.overview.rows import rows


def hashes(count: int) -> list[str]:
    return [row.tobytes().hex() for row in np.random.default_rng(0).integers(0, 256, (count, 32), dtype=np.uint8)]


def test_the_nearest_pair_is_that_of_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "BLOCK", 7)  # several blocks, the last one not full
    found = hashes(40)
    distances = {(i, j): (int(a, 16) ^ int(b, 16)).bit_count() for (i, a), (j, b) in combinations(enumerate(found), 2)}
    nearest = min(distances, key=lambda pair: (distances[pair], pair))
    assert most_alike(rows(["a"] * 40, {"phash": found}), 1) == [Pair(*nearest, distances[nearest])]


def test_no_picture_is_in_two_pairs_and_equal_pictures_are_no_pair() -> None:
    zero, one, three = ("0" * 64, "0" * 63 + "1", "0" * 63 + "3")
    frame = rows(list("abcd"), {"phash": [zero, zero, one, three], "pixels_sha256": ["p", "p", "q", "r"]})
    assert most_alike(frame, 9) == [Pair(0, 2, 1), Pair(1, 3, 2)]


def test_of_a_large_set_a_sample_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairs, "COMPARED", 10)
    assert len(most_alike(rows(["a"] * 200, {"phash": hashes(200)}), 100)) == 5


def test_duplicates_are_grouped_those_with_different_labels_first() -> None:
    frame = rows(list("aabcde"), {"pixels_sha256": ["p", "p", "q", "r", "q", "s"]})
    assert [group["label"].tolist() for group in duplicates(frame)] == [["b", "d"], ["a", "a"]]
