import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.ctc.time_steps import comfortable_time_steps, has_adjacent_repeats, time_steps_needed


@pytest.mark.parametrize(("label", "steps"), [("", 0), ("a", 1), ("ab", 2), ("aa", 3), ("aab", 4), ("aaaa", 7)])
def test_each_adjacent_repeat_costs_a_time_step(label: str, steps: int) -> None:
    assert time_steps_needed(label) == steps


@pytest.mark.parametrize(("label", "repeats"), [("", False), ("aba", False), ("aab", True), ("baa", True)])
def test_repeats_are_adjacent_where_equal_symbols_stand_side_by_side(label: str, repeats: bool) -> None:
    assert has_adjacent_repeats(label) is repeats


@given(st.text("ab", max_size=8))
def test_the_comfortable_number_of_steps_is_enough_for_any_label_of_its_length(label: str) -> None:
    assert comfortable_time_steps(label) > time_steps_needed(label)
