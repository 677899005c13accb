"""The likelihood of labels under connectionist temporal classification (Graves et al. 2006).

Shapes: N pictures, T time steps, K classes with the blank at `codec.BLANK`.
"""

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import BLANK

Floats = NDArray[np.floating]


def log_softmax(logits: Floats) -> NDArray[np.float64]:
    """The logarithm of the softmax over the last axis."""
    shifted = logits.astype(np.float64) - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def tempered(log_probs: Floats, temperature: float) -> NDArray[np.float64]:
    """The log probabilities at a temperature (Guo et al. 2017): the softmax of `log_probs` divided by it.

    Logits may be passed as well. At each time step they differ from log probabilities by a constant, which the softmax
    cancels.
    """
    return log_softmax(log_probs / temperature)


def label_log_probabilities(log_probs: Floats, labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """Exact log p(label | picture), [N], by the forward algorithm over all CTC paths of each label.

    log_probs: [N, T, K]. labels: [N, L] class indices, padded with the blank. The result is -inf where a label needs
    more than T time steps.
    """
    count, steps, _ = log_probs.shape
    lengths = (labels != BLANK).sum(axis=1)
    states = np.full((count, 2 * labels.shape[1] + 1), BLANK)  # a blank before, between and after the symbols
    states[:, 1::2] = labels
    # A path may skip the blank between two different symbols, but not between equal ones.
    skip_log_weight = np.full(states.shape, -np.inf)
    skip_log_weight[:, 2:][(states[:, 2:] != BLANK) & (states[:, 2:] != states[:, :-2])] = 0
    emitted = np.take_along_axis(
        log_probs, np.broadcast_to(states[:, None, :], (count, steps, states.shape[1])), axis=2
    )

    alpha = np.full(states.shape, -np.inf)
    alpha[:, :2] = emitted[:, 0, :2]
    for step in range(1, steps):
        one_back, two_back = np.full_like(alpha, -np.inf), np.full_like(alpha, -np.inf)
        one_back[:, 1:], two_back[:, 2:] = alpha[:, :-1], alpha[:, :-2]
        alpha = np.logaddexp(np.logaddexp(alpha, one_back), two_back + skip_log_weight) + emitted[:, step]
    rows = np.arange(count)
    # A path ends in the last symbol or in the blank after it. An empty label has only the blank.
    last_symbol = np.where(lengths > 0, alpha[rows, np.maximum(2 * lengths - 1, 0)], -np.inf)
    return np.asarray(np.logaddexp(alpha[rows, 2 * lengths], last_symbol))
