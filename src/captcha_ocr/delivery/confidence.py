"""How far the confidences of predictions can be trusted: figures, the risk-coverage table, and its words."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from captcha_ocr.core.calibration import (
    TARGET,
    bins_of_equal_number,
    bins_of_equal_width,
    calibration_error,
    error_if_calibrated,
    pictures_to_prove,
    risk_coverage,
)
from captcha_ocr.core.metrics import wilson_interval


def confidence_metrics(predictions: pd.DataFrame, record: Mapping[str, Any]) -> dict[str, Any]:
    """For metrics.json. `ece` has bins of equal number, and `ece_by_chance` is what perfect calibration would show."""
    confidences, exact = predictions["confidence"].to_numpy(), (predictions["edit_distance"] == 0).to_numpy()
    figures: dict[str, Any] = {
        "temperature": record["temperature"],
        "ece": calibration_error(bins_of_equal_number(confidences, exact)),
        "ece_equal_width": calibration_error(bins_of_equal_width(confidences, exact)),
        "ece_by_chance": error_if_calibrated(confidences),
    }
    threshold = record["confidence_threshold"]
    if threshold is None:
        return figures
    passed = exact[confidences >= threshold]
    selective: dict[str, float] = {"threshold": threshold, "pictures": len(passed)}
    if len(passed):
        low, high = wilson_interval(int(passed.sum()), len(passed))
        selective |= {"exact_match": float(passed.mean()), "exact_match_low": low, "exact_match_high": high}
    return figures | {"above_threshold": selective}


def risk_coverage_frame(predictions: pd.DataFrame) -> pd.DataFrame:
    """For risk_coverage.csv. Columns: coverage, pictures, threshold, exact_match, low, high."""
    rows = risk_coverage(predictions["confidence"].to_numpy(), (predictions["edit_distance"] == 0).to_numpy())
    return pd.DataFrame([asdict(row) for row in rows])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def _threshold_sentence(metrics: Mapping[str, Any], validation: int) -> str:
    above = metrics.get("above_threshold")
    if above is None:
        return (
            f"No threshold for {_percent(TARGET)} exact: of the {validation} validation pictures even the surest is "
            "misread."
        )
    set_at = (
        f"Threshold for {_percent(TARGET)} exact, set on the {validation} validation pictures: confidence "
        f"{above['threshold']:.4f}. Of the {metrics['samples']} test pictures {above['pictures']} reach it"
    )
    if not above["pictures"]:
        return f"{set_at}."
    interval = f"{_percent(above['exact_match_low'])} to {_percent(above['exact_match_high'])}"
    return (
        f"{set_at}; {_percent(above['exact_match'])} of these are exact (95 % interval {interval}). To prove "
        f"{_percent(TARGET)}, {pictures_to_prove():,} pictures would have to be read without an error."
    )


def confidence_section(metrics: Mapping[str, Any], table: pd.DataFrame, validation: int) -> list[str]:
    """The report's lines on confidence; `validation` is the number of validation pictures."""
    rows = [
        f"| {_percent(r.coverage)} | {r.pictures} | {r.threshold:.4f} | {_percent(r.exact_match)} "
        f"({_percent(r.low)} to {_percent(r.high)}) |"
        for r in table.itertuples()
    ]
    return [
        "## Confidence",
        "",
        f"Expected calibration error {_percent(metrics['ece'])} on {metrics['samples']} test pictures at temperature "
        f"{metrics['temperature']:.2f}; perfect calibration would by chance show "
        f"{_percent(metrics['ece_by_chance'])} on as many.",
        "",
        "| reading the surest | pictures | confidence at least | exact (95 % interval) |",
        "|---|---|---|---|",
        *rows,
        "",
        _threshold_sentence(metrics, validation),
        "",
        "![reliability](reliability.png)",
    ]
