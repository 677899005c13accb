from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.crossval.files import DoubtfulLabels, JudgedLabels
from captcha_ocr.crossval.plots import draw_doubtful, draw_judged
from tests.packed import packed, png


def titles(figure: Figure) -> list[str]:
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


FILES = ["a.png", "b.png"]


@pytest.fixture
def shards(tmp_path: Path) -> PictureShards:
    return packed(tmp_path / "pictures", {name: (png(Image.new("L", (8, 4), 255)), None, None) for name in FILES})


def test_a_doubtful_label_is_shown_and_marked_where_all_fits_misread_it(
    shards: PictureShards,
) -> None:
    frame = pd.DataFrame({"file": FILES, "label": ["ab", "ba"], "text": ["bb", ""], "misread": [4, 1]})
    frame = frame.assign(seeds=4, confidence=0.876, label_probability=0.1, edit_distance=1)
    figure = draw_doubtful(DoubtfulLabels.from_frame(frame), shards)
    assert titles(figure) == ["✗ ab: bb  4 of 4, 88 %", "ba: ∅  1 of 4, 88 %"]


def test_a_judged_label_is_shown_with_what_was_seen_and_marked_where_it_is_wrong(shards: PictureShards) -> None:
    frame = pd.DataFrame({"file": FILES, "label": ["ab", "ba"], "seen": ["bb", "ba"]})
    figure = draw_judged(JudgedLabels.from_frame(frame.assign(verdict=["wrong", "stands"], note="")), shards)
    assert titles(figure) == ["✗ ab: bb  wrong", "ba: ba  stands"]
