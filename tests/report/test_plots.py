"""The plot of the confusion: which symbols it shows. Texts in plots."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure
from PIL import Image

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.report.plots import MOST_SYMBOLS, draw_confusion, draw_sheet, figure_uri, plain, save_figure
from tests.hostile import STORABLE
from tests.packed import png

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


@pytest.mark.filterwarnings("ignore:Glyph")
def test_no_text_of_the_data_is_a_formula_of_matplotlib(tmp_path: Path) -> None:
    texts = [STORABLE[name] for name in ("maths", "template", "terminal", "separators", "markup")]
    confusion = Confusion.from_rows({"actual": text, "predicted": text} for text in texts)
    assert shown(confusion)[0] == [plain(text) for text in sorted(set(texts))]
    pictures = [Picture(text, png(Image.new("L", (4, 4))), text, None) for text in texts]
    for number, figure in enumerate(
        [draw_confusion(confusion), draw_sheet(pictures, texts, [True] * len(texts), "$x_")]
    ):
        save_figure(figure, tmp_path / f"{number}.png")
        figure_uri(figure)


@pytest.mark.parametrize("text", ["$1_2_3$", "$", "\\$", "$$\\$a", "\\\\$x_$"])
def test_dollar_signs_are_drawn_as_they_are(text: str) -> None:
    drawn, is_formula = Figure().text(0, 0, plain(text))._preprocess_math(plain(text))
    assert (drawn, is_formula) == (text, False)
