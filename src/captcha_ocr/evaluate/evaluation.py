"""Figures of a network on pictures it never saw."""

import time
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import pandas as pd

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import Floats, greedy_decode, label_log_probabilities, tempered, time_steps_needed
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.scoring.metrics import (
    character_error_rate,
    edit_distances,
    exact_match,
    position_accuracy,
    symbol_pairs,
    wilson_interval,
)
from captcha_ocr.search.confidence import symbol_peaks


def readings(
    files: Sequence[str], labels: Sequence[str], logits: Floats, codec: Codec, temperature: float
) -> pd.DataFrame:
    """One row a picture, from logits [N, T, K]; surest errors first.

    Columns: file, label, text, confidence, symbol_confidence, edit_distance. The confidence is p(text | picture),
    summed over all CTC paths of the text, at the given temperature; those of the symbols, in their order, are set apart
    by spaces.
    """
    texts = greedy_decode(logits, codec)
    log_probs = tempered(logits, temperature)
    confidences = np.exp(label_log_probabilities(log_probs, codec.encode_batch(texts)))
    by_symbol = [symbol_peaks(row) for row in log_probs]
    frame = pd.DataFrame(
        {
            "file": files,
            "label": labels,
            "text": texts,
            "confidence": confidences.round(6),
            "symbol_confidence": [" ".join(f"{share:.4f}" for share in shares) for shares in by_symbol],
            "edit_distance": edit_distances(labels, texts),
        }
    )
    return frame.sort_values(["edit_distance", "confidence", "file"], ascending=[False, True, True], ignore_index=True)


def images_per_second(network: keras.Model, samples: Samples) -> float:
    """Throughput of the Keras network on decoded pictures, after one warming pass."""
    read_logits(network, samples)
    started = time.perf_counter()
    read_logits(network, samples)
    return len(samples.files) / (time.perf_counter() - started)


def _exact_match_by_repeats(labels: Sequence[str], texts: Sequence[str]) -> dict[str, float | int]:
    """Adjacent equal symbols need a blank between them, the classic weak spot of CTC: shown apart."""
    figures: dict[str, float | int] = {}
    for name, wanted in (("with_repeats", True), ("without_repeats", False)):
        chosen = [i for i, label in enumerate(labels) if (time_steps_needed(label) > len(label)) == wanted]
        figures[f"samples_{name}"] = len(chosen)
        if chosen:
            figures[f"exact_match_{name}"] = exact_match([labels[i] for i in chosen], [texts[i] for i in chosen])
    return figures


def compute_metrics(predictions: pd.DataFrame) -> dict[str, Any]:
    """The figures of metrics.json; rates are shares of 1, the interval is Wilson's at 95 %."""
    labels, texts = predictions["label"].tolist(), predictions["text"].tolist()
    exact = exact_match(labels, texts)
    low, high = wilson_interval(round(exact * len(labels)), len(labels))
    positions = {f"position_{i + 1}": share for i, share in enumerate(position_accuracy(labels, texts))}
    return {
        "samples": len(labels),
        "cer": character_error_rate(labels, texts),
        "exact_match": exact,
        "exact_match_low": low,
        "exact_match_high": high,
        "mean_edit_distance": float(predictions["edit_distance"].mean()),
        "accuracy": positions,
        **_exact_match_by_repeats(labels, texts),
    }


def confusion(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row for each symbol read, as DVC's confusion template takes them. Columns: actual, predicted."""
    pairs = symbol_pairs(predictions["label"].tolist(), predictions["text"].tolist())
    rows = [pair for pair, count in sorted(pairs.items()) for _ in range(count)]
    return pd.DataFrame(rows, columns=["actual", "predicted"])
