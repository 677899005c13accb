"""Finds labels that are probably wrong: those that the model is surely at odds with."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from captcha_ocr.artifacts.splits import Side
from captcha_ocr.artifacts.suspects import Suspects
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import GreedyReadings
from captcha_ocr.ctc.likelihood import label_log_probabilities

# The label must be next to impossible for the model, not merely its second choice: a hard picture is misread like that.
# And the reading must be more probable than all other texts together, or the picture as a whole is beyond the model.
# A higher confidence must not be asked for. Wrong labels of the validation split lower all confidences: where 5 % are
# wrong, the temperature is high, and most readings that are right have less than 0.9 (benchmarks/suspects.py).
MAX_LABEL_PROBABILITY = 0.001
MIN_CONFIDENCE = 0.5


def suspect_rows(
    side: Side, files: Sequence[str], labels: Sequence[str], readings: GreedyReadings, codec: Codec
) -> Iterator[dict[str, Any]]:
    """Rows of Suspects about labelled pictures on one side of the split, and their readings in the same order.

    Raises CaptchaOcrError if a label holds a symbol that the model does not know.
    """
    probabilities = np.exp(label_log_probabilities(readings.log_probs, codec.encode_batch(labels)))
    sure = (readings.confidences >= MIN_CONFIDENCE) & (probabilities < MAX_LABEL_PROBABILITY)
    for row in np.flatnonzero(sure).tolist():
        if readings.texts[row] != labels[row]:
            yield {
                "file": files[row],
                "label": labels[row],
                "text": readings.texts[row],
                "confidence": round(float(readings.confidences[row]), 6),
                "label_probability": float(f"{probabilities[row]:.3g}"),
                "split": side,
            }


def suspects_of(rows: Iterable[dict[str, Any]]) -> Suspects:
    """The content of suspects.csv."""
    frame = Suspects.from_rows(rows).frame
    order = frame.sort_values(["label_probability", "confidence", "file"], ascending=[True, False, True])
    return Suspects.from_frame(order.reset_index(drop=True))
