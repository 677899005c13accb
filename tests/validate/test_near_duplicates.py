from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.validate.near_duplicates import near_pairs


@given(st.lists(st.integers(0, 2**16 - 1), max_size=40), st.integers(0, 9))
def test_the_pairs_are_those_of_comparing_all(hashes: list[int], distance: int) -> None:
    expected = {
        (i, j) for i, j in combinations(range(len(hashes)), 2) if (hashes[i] ^ hashes[j]).bit_count() <= distance
    }
    assert sorted(near_pairs(hashes, 16, distance)) == sorted(expected)
