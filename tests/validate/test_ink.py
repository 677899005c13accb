import numpy as np
import pytest

from captcha_ocr.validate.ink import joined_ink as joined
from captcha_ocr.validate.levels import SortedLevels


def joined_ink(levels: np.ndarray) -> float:
    return joined(levels, SortedLevels(levels, 256))


def sheet(*marks: tuple[slice, slice]) -> np.ndarray:
    levels = np.full((20, 40), 255, np.uint8)
    for rows, columns in marks:
        levels[rows, columns] = 0
    return levels


LEFT, RIGHT = (slice(5, 15), slice(5, 10)), (slice(5, 15), slice(20, 30))
STROKE = (slice(10, 11), slice(0, 40))


def test_ink_that_stands_apart_is_joined_as_far_as_its_largest_piece() -> None:
    assert joined_ink(sheet(LEFT, RIGHT)) == pytest.approx(100 / 150)


def test_a_stroke_through_all_of_it_joins_it() -> None:
    assert joined_ink(sheet(LEFT, RIGHT, STROKE)) == 1.0


def test_pieces_that_touch_at_a_corner_are_one() -> None:
    assert joined_ink(sheet((slice(5, 10), slice(5, 10)), (slice(10, 15), slice(10, 15)))) == 1.0


def test_a_picture_without_ink_has_none_joined() -> None:
    assert joined_ink(sheet()) == 0.0


def test_ink_that_is_less_than_a_hundredth_of_the_paper_is_ink() -> None:
    levels = np.full((50, 200), 240, np.uint8)
    levels[10:30, 20] = levels[10:20, 90] = 60
    assert joined_ink(levels) == pytest.approx(20 / 30)
