"""Collects the readings of the held-out pictures, and finds labels to check again."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from captcha_ocr.artifacts.predictions import worst_first
from captcha_ocr.crossval.files import DoubtfulLabels, FitRows, FoldReadings, FoldRecord, OutOfFold
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import label_log_probabilities, tempered
from captcha_ocr.evaluate.readings import predictions_of
from captcha_ocr.scoring.metrics import exact_match
from captcha_ocr.scoring.temperature import fit_temperature


def read_seed(folds: Sequence[FoldReadings], codec: Codec) -> OutOfFold:
    """Decodes the readings of all folds of one seed: one row for each picture, worst first.

    The temperature for a fold is fitted on the other folds, so that no picture calibrates its own confidence.
    """
    frames = []
    for held_out in folds:
        others = [fold for fold in folds if fold is not held_out]
        labels = [label for fold in others for label in fold.labels]
        temperature = fit_temperature(np.concatenate([fold.logits for fold in others]), labels, codec)
        predictions = predictions_of(held_out.files, held_out.labels, held_out.logits, codec, temperature)
        log_probs, targets = tempered(held_out.logits, temperature), codec.encode_batch(held_out.labels)
        probability = dict(zip(held_out.files, np.exp(label_log_probabilities(log_probs, targets)), strict=True))
        frames.append(
            predictions.frame.assign(
                seed=held_out.seed,
                fold=held_out.fold,
                temperature=temperature,
                label_probability=predictions.file.map(probability).round(6),
            )
        )
    return OutOfFold.from_frame(worst_first(pd.concat(frames)))


def all_seeds(by_seed: Sequence[OutOfFold]) -> OutOfFold:
    """The rows of all seeds in one table."""
    return OutOfFold.from_frame(pd.concat([seed.frame for seed in by_seed], ignore_index=True))


def fit_rows(predictions: OutOfFold, records: Sequence[FoldRecord]) -> FitRows:
    """The table of all fits, in the order of `records`."""
    rows = []
    for record in records:
        held_out = predictions.where((predictions.seed == record.seed) & (predictions.fold == record.fold))
        rows.append(
            {
                "seed": record.seed,
                "fold": record.fold,
                "epochs": record.fit.epochs,
                "best_epoch": record.fit.best_epoch,
                "seconds": record.fit.seconds,
                "samples": len(held_out),
                "exact_match": exact_match(held_out.label.tolist(), held_out.text.tolist()),
            }
        )
    return FitRows.from_rows(rows)


def _doubtful(predictions: OutOfFold) -> Iterator[dict[str, Any]]:
    """Rows of DoubtfulLabels, by file name."""
    misread = predictions.file.isin(predictions.file[~predictions.exact])
    for file, rows in predictions.where(misread).frame.groupby("file"):
        picture = OutOfFold.from_frame(rows)
        wrong = picture.where(~picture.exact)
        text = wrong.text.value_counts().sort_index(kind="stable").idxmax()
        same = wrong.where(wrong.text == text)
        yield {
            "file": file,
            "label": picture.label.iloc[0],
            "text": text,
            "misread": len(wrong),
            "seeds": len(picture),
            "confidence": same.confidence.mean().round(4),
            "label_probability": picture.label_probability.mean().round(4),
            "edit_distance": int(same.edit_distance.iloc[0]),
        }


def doubtful_labels(predictions: OutOfFold) -> DoubtfulLabels:
    """The pictures that were misread with at least one seed, most often misread first."""
    frame = DoubtfulLabels.from_rows(_doubtful(predictions)).frame
    return DoubtfulLabels.from_frame(
        frame.sort_values(["misread", "label_probability"], ascending=[False, True], ignore_index=True)
    )
