from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from captcha_ocr.crossval.files import DoubtfulLabels, JudgedLabels
from captcha_ocr.crossval.plots import draw_doubtful, draw_judged


def titles(figure: Figure) -> list[str]:
    return [axes.get_title() for axes in figure.axes if axes.get_title()]


def pictures(folder: Path) -> list[str]:
    names = ["a.png", "b.png"]
    for name in names:
        Image.new("L", (8, 4), 255).save(folder / name)
    return names


def test_a_doubtful_label_is_shown_with_its_misreading_and_marked_where_all_fits_misread_it(tmp_path: Path) -> None:
    frame = pd.DataFrame({"file": pictures(tmp_path), "label": ["ab", "ba"], "text": ["bb", ""], "misread": [4, 1]})
    frame = frame.assign(seeds=4, confidence=0.876, label_probability=0.1, edit_distance=1)
    figure = draw_doubtful(DoubtfulLabels.from_frame(frame), tmp_path)
    assert titles(figure) == ["✗ ab: bb  4 of 4, 88 %", "ba: ∅  1 of 4, 88 %"]


def test_a_judged_label_is_shown_with_what_was_seen_and_marked_where_it_is_wrong(tmp_path: Path) -> None:
    frame = pd.DataFrame({"file": pictures(tmp_path), "label": ["ab", "ba"], "seen": ["bb", "ba"]})
    figure = draw_judged(JudgedLabels.from_frame(frame.assign(verdict=["wrong", "stands"], note="")), tmp_path)
    assert titles(figure) == ["✗ ab: bb  wrong", "ba: ba  stands"]
