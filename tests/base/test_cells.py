"""Cells of CSV files in spreadsheets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.base.cells import marked, unmarked
from tests.hostile import HARMLESS, HOSTILE

BEGINS = tuple("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_cell_begins_a_formula_and_every_text_can_be_had_back(text: str) -> None:
    assert not marked(text).startswith(BEGINS)
    assert unmarked(marked(text)) == text


@pytest.mark.parametrize("text", [*HARMLESS, "'", "''", "'a", "a=b", "0.5"])
def test_other_texts_are_cells_as_they_are(text: str) -> None:
    assert marked(text) == unmarked(text) == text


@given(st.text("'=-+@a\t", max_size=6))
def test_no_two_texts_have_the_same_cell(text: str) -> None:
    assert not marked(text).startswith(BEGINS)
    assert unmarked(marked(text)) == text
