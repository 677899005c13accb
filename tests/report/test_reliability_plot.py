from pathlib import Path

from captcha_ocr.report.plots import save_figure
from captcha_ocr.report.reliability_plot import draw_reliability
from tests.examples import predictions


def test_the_same_predictions_give_the_same_picture(tmp_path: Path) -> None:
    labels = [f"{i:02}" for i in range(50)]
    found = predictions(labels, ["xx", *labels[1:]], [0.5 + i / 100 for i in range(50)])
    for name in ("one.png", "two.png"):
        save_figure(draw_reliability(found), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
