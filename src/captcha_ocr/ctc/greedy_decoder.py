"""Greedy decoding: the text of the most probable path."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities, tempered


def greedy_decode(scores: Floats, codec: Codec) -> list[str]:
    """The text of the most probable path of each picture. `scores` [N, T, K] may be logits or probabilities."""
    return [codec.collapse(path) for path in scores.argmax(axis=-1).tolist()]


@dataclass(frozen=True)
class GreedyReadings:
    """The readings of N pictures: texts, confidences p(text | picture) [N], calibrated log probabilities [N, T, K]."""

    texts: list[str]
    confidences: NDArray[np.float64]
    log_probs: NDArray[np.float64]


def read_greedily(logits: Floats, codec: Codec, temperature: float) -> GreedyReadings:
    """Decodes logits [N, T, K]. A confidence is the sum over all CTC paths of the text, at `temperature`."""
    texts, log_probs = greedy_decode(logits, codec), tempered(logits, temperature)
    return GreedyReadings(texts, np.exp(label_log_probabilities(log_probs, codec.encode_batch(texts))), log_probs)
