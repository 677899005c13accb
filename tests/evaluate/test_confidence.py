"""The figures on confidence, from predictions as the evaluate stage has them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from captcha_ocr.evaluate.confidence import (
    risk_coverage_frame,
    selective_metrics,
)
from captcha_ocr.report.plots import save_figure
from captcha_ocr.report.reliability_plot import draw_reliability
from captcha_ocr.scoring.metrics import wilson_interval

PREDICTIONS = pd.DataFrame({"confidence": np.linspace(0.5, 0.99, 50), "edit_distance": [2, 1] + [0] * 48})
RECORD = {"temperature": 1.2, "confidence_threshold": 0.6}


def test_the_threshold_of_validation_is_judged_on_test() -> None:
    above = selective_metrics(PREDICTIONS, RECORD)["above_threshold"]
    assert (above["pictures"], above["exact_match"]) == (40, 1.0)
    assert (above["exact_match_low"], above["exact_match_high"]) == wilson_interval(40, 40)


def test_a_threshold_below_a_misreading_shows_what_it_lets_through() -> None:
    above = selective_metrics(PREDICTIONS, RECORD | {"confidence_threshold": 0.505})["above_threshold"]
    assert above["exact_match"] == pytest.approx(48 / 49)


def test_the_table_reads_fewer_and_surer_pictures_first() -> None:
    table = risk_coverage_frame(PREDICTIONS)
    assert table["pictures"].is_monotonic_increasing
    assert table["threshold"].is_monotonic_decreasing
    assert table["exact_match"].tolist()[-2:] == [1 - 1 / 49, 1 - 2 / 50]


def test_the_same_predictions_give_the_same_picture(tmp_path: Path) -> None:
    for name in ("one.png", "two.png"):
        save_figure(draw_reliability(PREDICTIONS), tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
