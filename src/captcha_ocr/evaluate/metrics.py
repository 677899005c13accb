"""Computes the metrics and the confusion of predictions."""

from collections.abc import Sequence

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.artifacts.metrics import BeforeFit, Metrics, ReadingMetrics
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.run_record import FitRecord
from captcha_ocr.ctc.time_steps import has_adjacent_repeats
from captcha_ocr.evaluate.confidence import above_threshold, calibration_errors
from captcha_ocr.scoring.metrics import (
    character_error_rate,
    exact_match,
    exact_proportion,
    position_accuracy,
    symbol_pairs,
)


def _exact_match_of(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Exact match of (label, text) pairs; None if there are none."""
    return exact_match(*map(list, zip(*pairs, strict=True))) if pairs else None


def reading_metrics(predictions: Predictions) -> ReadingMetrics:
    """The metrics that compare texts with labels and do not depend on confidences."""
    labels, texts = predictions.label.tolist(), predictions.text.tolist()
    exact = exact_proportion(labels, texts)
    pairs = list(zip(labels, texts, strict=True))
    repeats = [pair for pair in pairs if has_adjacent_repeats(pair[0])]
    others = [pair for pair in pairs if not has_adjacent_repeats(pair[0])]
    return ReadingMetrics(
        samples=exact.samples,
        cer=character_error_rate(labels, texts),
        exact_match=exact.share,
        exact_match_low=exact.low,
        exact_match_high=exact.high,
        mean_edit_distance=float(predictions.edit_distance.mean()),
        accuracy={f"position_{i + 1}": share for i, share in enumerate(position_accuracy(labels, texts))},
        samples_with_repeats=len(repeats),
        exact_match_with_repeats=_exact_match_of(repeats),
        samples_without_repeats=len(others),
        exact_match_without_repeats=_exact_match_of(others),
    )


def all_metrics(
    predictions: Predictions, fit: FitRecord, images_per_second: float, before: BeforeFit | None = None
) -> Metrics:
    """The content of metrics.json."""
    return Metrics(
        **dict(reading_metrics(predictions)),
        **dict(calibration_errors(predictions)),
        temperature=fit.temperature,
        above_threshold=above_threshold(predictions, fit.confidence_threshold),
        images_per_second=images_per_second,
        before_fit=before,
    )


def confusion(predictions: Predictions) -> Confusion:
    """The content of confusion.csv: one row for each symbol in the alignment of texts with labels."""
    pairs = symbol_pairs(predictions.label.tolist(), predictions.text.tolist())
    rows = [{"actual": a, "predicted": b} for (a, b), count in sorted(pairs.items()) for _ in range(count)]
    return Confusion.from_rows(rows)
