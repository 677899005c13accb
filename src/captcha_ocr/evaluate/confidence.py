"""Metrics of the confidences of predictions: calibration, threshold, risk and coverage."""

from captcha_ocr.artifacts.metrics import AboveThreshold, CalibrationErrors
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.risk_coverage import RiskCoverage
from captcha_ocr.scoring.metrics import Proportion
from captcha_ocr.scoring.reliability import (
    bins_of_equal_number,
    bins_of_equal_width,
    calibration_error,
    error_if_calibrated,
)
from captcha_ocr.scoring.selective import risk_coverage


def calibration_errors(predictions: Predictions) -> CalibrationErrors:
    """The expected calibration errors of the predictions' confidences."""
    confidences, exact = predictions.confidence.to_numpy(), predictions.exact
    return CalibrationErrors(
        ece=calibration_error(bins_of_equal_number(confidences, exact)),
        ece_equal_width=calibration_error(bins_of_equal_width(confidences, exact)),
        ece_by_chance=error_if_calibrated(confidences),
    )


def above_threshold(predictions: Predictions, threshold: float | None) -> AboveThreshold | None:
    """Exact match of the readings whose confidence is at least `threshold`; None if `threshold` is None."""
    if threshold is None:
        return None
    chosen = predictions.exact[predictions.confidence.to_numpy() >= threshold]
    if not len(chosen):
        return AboveThreshold(threshold=threshold, pictures=0)
    exact = Proportion.of(chosen)
    return AboveThreshold(
        threshold=threshold,
        pictures=exact.samples,
        exact_match=exact.share,
        exact_match_low=exact.low,
        exact_match_high=exact.high,
    )


def risk_coverage_table(predictions: Predictions) -> RiskCoverage:
    """The content of risk_coverage.csv."""
    return RiskCoverage.from_rows(risk_coverage(predictions.confidence.to_numpy(), predictions.exact))
