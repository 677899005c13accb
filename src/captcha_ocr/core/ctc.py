"""Connectionist temporal classification (Graves et al. 2006): what fits, what is read, how sure.

Shapes: N pictures, T time steps, K classes with the blank at `codec.BLANK`.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.core.codec import BLANK, Codec

Floats = NDArray[np.floating]


def time_steps_needed(label: str) -> int:
    """The fewest time steps that can emit `label`: its length, and a blank between equal neighbours."""
    return len(label) + sum(a == b for a, b in zip(label, label[1:], strict=False))


def log_softmax(logits: Floats) -> NDArray[np.float64]:
    """Log probabilities over the last axis."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def greedy_decode(scores: Floats, codec: Codec) -> list[str]:
    """The text of the most probable path; scores [N, T, K] may be logits or probabilities."""
    return [codec.collapse(path) for path in scores.argmax(axis=-1).tolist()]


def text_log_probability(log_probs: Floats, ids: Sequence[int]) -> float:
    """Exact log p(text | picture): the forward algorithm over all CTC paths of `ids`.

    log_probs: [T, K]; ids: class indices without blanks. -inf where the text does not fit into T.
    """
    extended = [BLANK]
    for symbol in ids:
        extended += [symbol, BLANK]
    states = np.array(extended)
    # A path may skip the blank between two different symbols, never between equal ones.
    skippable = np.zeros(len(states), dtype=bool)
    skippable[2:] = (states[2:] != BLANK) & (states[2:] != states[:-2])

    alpha = np.full(len(states), -np.inf)
    alpha[:2] = log_probs[0, states[:2]]
    for frame in log_probs[1:]:
        one_back = np.concatenate([[-np.inf], alpha[:-1]])
        two_back = np.where(skippable, np.concatenate([[-np.inf, -np.inf], alpha])[: len(states)], -np.inf)
        alpha = np.logaddexp(np.logaddexp(alpha, one_back), two_back) + frame[states]
    return float(np.logaddexp.reduce(alpha[-2:]))


def confidences(logits: Floats, texts: Sequence[str], codec: Codec) -> list[float]:
    """p(text | picture) of each text; logits [N, T, K]."""
    log_probs = log_softmax(logits)
    return [
        float(np.exp(text_log_probability(lp, codec.encode(text))))
        for lp, text in zip(log_probs, texts, strict=True)
    ]
