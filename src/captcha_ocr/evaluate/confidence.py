"""How far the confidences of predictions can be trusted: figures, and the risk-coverage table."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.scoring.reliability import (
    bins_of_equal_number,
    bins_of_equal_width,
    calibration_error,
    error_if_calibrated,
    risk_coverage,
)


def confidence_metrics(predictions: pd.DataFrame) -> dict[str, float]:
    """Calibration errors: `ece` has bins of equal number; `ece_by_chance` is what perfect calibration would show."""
    confidences, exact = predictions["confidence"].to_numpy(), (predictions["edit_distance"] == 0).to_numpy()
    return {
        "ece": calibration_error(bins_of_equal_number(confidences, exact)),
        "ece_equal_width": calibration_error(bins_of_equal_width(confidences, exact)),
        "ece_by_chance": error_if_calibrated(confidences),
    }


def selective_metrics(predictions: pd.DataFrame, record: Mapping[str, Any]) -> dict[str, Any]:
    """The temperature, and what became of the readings above the threshold that validation set; for metrics.json."""
    threshold, temperature = record["confidence_threshold"], {"temperature": record["temperature"]}
    if threshold is None:
        return temperature
    passed = (predictions.loc[predictions["confidence"] >= threshold, "edit_distance"] == 0).to_numpy()
    selective: dict[str, float] = {"threshold": threshold, "pictures": len(passed)}
    if len(passed):
        low, high = wilson_interval(int(passed.sum()), len(passed))
        selective |= {"exact_match": float(passed.mean()), "exact_match_low": low, "exact_match_high": high}
    return temperature | {"above_threshold": selective}


def risk_coverage_frame(predictions: pd.DataFrame) -> pd.DataFrame:
    """For risk_coverage.csv. Columns: coverage, pictures, threshold, exact_match, low, high."""
    rows = risk_coverage(predictions["confidence"].to_numpy(), (predictions["edit_distance"] == 0).to_numpy())
    return pd.DataFrame([asdict(row) for row in rows])
