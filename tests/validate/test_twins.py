"""Equal and nearly equal pictures, against comparing every pair."""

from itertools import combinations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.validate.twins import equal_pixels, equal_pixels_of_another, near_twins

PIXELS = st.sampled_from([*"abc", None])  # None: a picture that cannot be decoded
LABELS = st.sampled_from([*"xyz", None])


def manifest(pixels: list[str | None], labels: list[str | None], hashes: list[str | None]) -> Manifest:
    return Manifest.from_rows(
        {"file": f"{i}.png", "pixels_sha256": p, "label": label, "phash": h}
        for i, (p, label, h) in enumerate(zip(pixels, labels, hashes, strict=True))
    )


def flagged(found: pd.Series) -> set[int]:
    return set(found.dropna().index)


@given(st.lists(st.tuples(PIXELS, LABELS), max_size=20))
def test_equal_pixels_are_told_apart_by_label(rows: list[tuple[str | None, str | None]]) -> None:
    described = manifest([p for p, _ in rows], [label for _, label in rows], [None] * len(rows))
    twins = [
        (i, j)
        for i, j in combinations(range(len(rows)), 2)
        if rows[i][0] == rows[j][0] is not None and None not in (rows[i][1], rows[j][1])
    ]
    other = [pair for pair in twins if rows[pair[0]][1] != rows[pair[1]][1]]
    same = {j for i, j in twins if (i, j) not in other}
    assert flagged(equal_pixels(described, described.label)) == same
    found = equal_pixels_of_another(described, described.label)
    assert flagged(found) == {i for pair in other for i in pair}
    named = {(i, int(text.removeprefix("same pixels as ").removesuffix(".png"))) for i, text in found.dropna().items()}
    assert named <= {pair[::step] for pair in other for step in (1, -1)}


def test_many_equal_pictures_take_no_longer_than_different_ones() -> None:
    """Each names one other, and pairs are not made."""
    count = 200_000
    described = manifest(["a"] * count, ["x", *"y" * (count - 1)], ["0" * 64] * count)
    assert len(flagged(equal_pixels_of_another(described, described.label))) == count
    assert len(flagged(equal_pixels(described, described.label))) == count - 2
    assert not flagged(near_twins(described, 20))


def test_pictures_that_look_alike_name_the_first() -> None:
    far, near = "f" * 64, "0" * 63
    described = manifest(
        ["a", "b", "b", "c", "d", "e", None], ["x"] * 7, [near + "0", far, far, far, near + "1", near + "0", None]
    )
    found = near_twins(described, 1)
    assert found.dropna().to_dict() == {
        3: "looks like 1.png",  # an equal hash, other pixels; picture 2 is a copy, and named as one
        4: "looks like 0.png",
        5: "looks like 0.png",
    }
