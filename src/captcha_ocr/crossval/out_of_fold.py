"""What networks read that never saw the pictures: figures over all of them, and labels to look at again."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import label_log_probabilities, tempered
from captcha_ocr.evaluate.evaluation import readings
from captcha_ocr.scoring.reliability import fit_temperature


@dataclass(frozen=True)
class FoldReadings:
    """The held-out pictures of one fit: files, labels, and logits [N, T, K]."""

    seed: int
    fold: int
    files: list[str]
    labels: list[str]
    logits: NDArray[np.float32]

    @classmethod
    def load(cls, path: Path, seed: int, fold: int) -> "FoldReadings":
        """What a fit of crossval/dvc.yaml wrote."""
        with np.load(path) as stored:
            return cls(seed, fold, stored["files"].tolist(), stored["labels"].tolist(), stored["logits"])


def read_seed(folds: Sequence[FoldReadings], codec: Codec) -> pd.DataFrame:
    """Every picture once: the columns of `readings`, with seed, fold, and the probability of the label.

    The temperature of each fold is fitted on all the others, so that no picture calibrates its own confidence.
    """
    frames = []
    for held_out in folds:
        others = [fold for fold in folds if fold is not held_out]
        labels = [label for fold in others for label in fold.labels]
        temperature = fit_temperature(np.concatenate([fold.logits for fold in others]), labels, codec)
        frame = readings(held_out.files, held_out.labels, held_out.logits, codec, temperature)
        log_probs, targets = tempered(held_out.logits, temperature), codec.encode_batch(held_out.labels)
        probability = dict(zip(held_out.files, np.exp(label_log_probabilities(log_probs, targets)), strict=True))
        frames.append(
            frame.assign(
                seed=held_out.seed,
                fold=held_out.fold,
                temperature=temperature,
                label_probability=frame["file"].map(probability).round(6),
            )
        )
    columns = ["edit_distance", "confidence", "file"]
    return pd.concat(frames).sort_values(columns, ascending=[False, True, True], ignore_index=True)


def disagreements(predictions: pd.DataFrame) -> pd.DataFrame:
    """One row a picture that some seed misread, most often misread first: candidates for a wrong label.

    Columns: file, label, text (the most frequent misreading), misread (seeds), seeds, confidence (mean of that
    text where it was read), label_probability (mean over all seeds), edit_distance.
    """
    rows = []
    for (file, label), group in predictions.groupby(["file", "label"]):
        wrong = group[group["edit_distance"] > 0]
        if len(wrong):
            text = wrong["text"].value_counts().sort_index(kind="stable").idxmax()
            said = wrong[wrong["text"] == text]
            rows.append(
                {
                    "file": file,
                    "label": label,
                    "text": text,
                    "misread": len(wrong),
                    "seeds": len(group),
                    "confidence": said["confidence"].mean().round(4),
                    "label_probability": group["label_probability"].mean().round(4),
                    "edit_distance": int(said["edit_distance"].iloc[0]),
                }
            )
    columns = ["file", "label", "text", "misread", "seeds", "confidence", "label_probability", "edit_distance"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["misread", "label_probability"], ascending=[False, True], ignore_index=True)
