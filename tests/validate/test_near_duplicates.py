import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.validate import near_duplicates
from captcha_ocr.validate.near_duplicates import NONE, earlier_neighbours, words_of

BITS = 64


def planted(hashes: list[int], flips: list[list[int]]) -> list[int]:
    """The hashes, and copies of them in which the bits `flips` are turned, in random order and each once."""
    copies = [value ^ sum(1 << bit for bit in set(bits)) for value, bits in zip(hashes, flips, strict=False)]
    distinct = list({*hashes, *copies})
    random.Random(0).shuffle(distinct)
    return distinct


@given(
    st.lists(st.integers(0, 2**BITS - 1), max_size=30),
    st.lists(st.lists(st.integers(0, BITS - 1), max_size=8), max_size=30),
    st.integers(0, BITS + 2),
)
def test_whoever_has_an_earlier_neighbour_is_found_with_one(
    hashes: list[int], flips: list[list[int]], distance: int
) -> None:
    """Against comparing all pairs."""
    values = planted(hashes, flips)
    pairs = {(i, j) for i, j in combinations(range(len(values)), 2) if (values[i] ^ values[j]).bit_count() <= distance}
    found = earlier_neighbours(words_of([f"{value:016x}" for value in values]), distance).tolist()
    assert {j for j, i in enumerate(found) if i != NONE} == {j for _, j in pairs}
    assert {(i, j) for j, i in enumerate(found) if i != NONE} <= pairs


def test_hashes_of_several_words_keep_all_their_bits() -> None:
    words = words_of(["0" * 63 + "1", "8" + "0" * 63])
    assert words.shape == (2, 4)
    assert earlier_neighbours(words, 1).tolist() == [NONE, NONE]
    assert earlier_neighbours(words, 2).tolist() == [NONE, 0]


def test_hashes_that_agree_in_a_band_alone_are_compared_with_so_many_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """All agree in the first of the bands, which anybody can arrange, and are far apart elsewhere."""
    bits = np.unpackbits(np.random.default_rng(0).integers(0, 256, (500, 32), dtype=np.uint8), axis=1)
    bits[:, ::21] = 0
    hashes = np.packbits(bits, axis=1).view(np.uint64)
    compared = []
    monkeypatch.setattr(near_duplicates, "MOST_COMPARED", 10)
    differ = near_duplicates._differ
    monkeypatch.setattr(
        near_duplicates, "_differ", lambda first, second: compared.append(len(first)) or differ(first, second)
    )
    assert (near_duplicates.earlier_neighbours(hashes, 20) == near_duplicates.NONE).all()
    assert sum(compared) < 500 * 21 * 10
