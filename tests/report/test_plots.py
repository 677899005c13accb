"""The plot of the confusion: which symbols it shows."""

import pytest

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.report.plots import MOST_SYMBOLS, draw_confusion

MANY = "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))


def shown(confusion: Confusion) -> tuple[list[str], list[str]]:
    """The symbols on the axis, and the counts that are written in the plot."""
    (axes,) = draw_confusion(confusion).axes
    return [label.get_text() for label in axes.get_yticklabels()], [text.get_text() for text in axes.texts]


def confused(*pairs: str) -> Confusion:
    return Confusion.from_rows({"actual": actual, "predicted": predicted} for actual, predicted in pairs)


def test_all_of_few_symbols_are_shown_with_the_number_of_misreadings() -> None:
    assert shown(confused("aa", "ab", "ab", "b∅", "cc")) == (["a", "b", "c", "∅"], ["2", "1"])


@pytest.mark.filterwarnings("ignore:Glyph")
def test_of_thousands_of_symbols_those_that_are_misread_are_shown() -> None:
    symbols, counts = shown(confused(*(symbol * 2 for symbol in MANY), MANY[-1] + MANY[-2], MANY[-1] + MANY[2000]))
    assert len(symbols) == MOST_SYMBOLS
    assert {MANY[-1], MANY[-2], MANY[2000]} <= set(symbols)
    assert counts == ["1", "1"]
