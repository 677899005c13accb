"""The words and figures on confidence, from predictions as the evaluate stage has them."""

import numpy as np
import pandas as pd
import pytest

from captcha_ocr.core.metrics import wilson_interval
from captcha_ocr.delivery.confidence import confidence_metrics, confidence_section, risk_coverage_frame
from captcha_ocr.delivery.reliability import draw_reliability

PREDICTIONS = pd.DataFrame({"confidence": np.linspace(0.5, 0.99, 50), "edit_distance": [2, 1] + [0] * 48})
RECORD = {"temperature": 1.2, "confidence_threshold": 0.6}


def section(record: dict) -> str:
    metrics = confidence_metrics(PREDICTIONS, record) | {"samples": len(PREDICTIONS)}
    return "\n".join(confidence_section(metrics, risk_coverage_frame(PREDICTIONS), validation=40))


def test_the_threshold_of_validation_is_judged_on_test() -> None:
    above = confidence_metrics(PREDICTIONS, RECORD)["above_threshold"]
    assert (above["pictures"], above["exact_match"]) == (40, 1.0)
    assert (above["exact_match_low"], above["exact_match_high"]) == wilson_interval(40, 40)


def test_a_threshold_below_a_misreading_shows_what_it_lets_through() -> None:
    above = confidence_metrics(PREDICTIONS, RECORD | {"confidence_threshold": 0.505})["above_threshold"]
    assert above["exact_match"] == pytest.approx(48 / 49)


def test_the_table_reads_fewer_and_surer_pictures_first() -> None:
    table = risk_coverage_frame(PREDICTIONS)
    assert table["pictures"].is_monotonic_increasing
    assert table["threshold"].is_monotonic_decreasing
    assert table["exact_match"].tolist()[-2:] == [1 - 1 / 49, 1 - 2 / 50]


def test_the_report_says_what_so_few_pictures_cannot_prove() -> None:
    text = section(RECORD)
    assert "set on the 40 validation pictures: confidence 0.6000. Of the 50 test pictures 40 reach it" in text
    assert "3,838 pictures would have to be read without an error" in text


@pytest.mark.parametrize(
    ("threshold", "sentence"),
    [
        (None, "of the 40 validation pictures even the surest is misread."),
        (0.999, "Of the 50 test pictures 0 reach it."),
    ],
)
def test_a_threshold_that_nothing_reaches_is_said_plainly(threshold: float | None, sentence: str) -> None:
    assert sentence in section(RECORD | {"confidence_threshold": threshold})


def test_the_same_predictions_give_the_same_picture(tmp_path) -> None:
    for name in ("one.png", "two.png"):
        draw_reliability(PREDICTIONS, tmp_path / name)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
