"""Confidences: of each symbol of a text, and of a text under a constraint.

They are computed from the network's log probabilities and can be trusted only as far as these are calibrated: pass log
probabilities from `ctc.likelihood.tempered`.
"""

from itertools import groupby

import numpy as np

from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities
from captcha_ocr.search.automaton import DEAD, Automaton


def symbol_peaks(log_probs: Floats) -> list[float]:
    """For each symbol of the greedy text, its highest probability over the time steps that it is read from.

    log_probs: [T, K]. The exported file gives these values, since they are cheap; `symbol_confidences` is exact.
    """
    best, highest = log_probs.argmax(axis=1).tolist(), np.exp(log_probs.max(axis=1)).tolist()
    runs = groupby(zip(best, highest, strict=True), key=lambda step: step[0])
    return [max(share for _, share in run) for symbol, run in runs if symbol != BLANK]


def symbol_confidences(log_probs: Floats, text: str, codec: Codec) -> list[float]:
    """For each symbol of `text`, the probability that it is right if all other symbols are right; log_probs: [T, K].

    It is p(text) divided by the summed probability of all texts that have any symbol of the alphabet, or none, in that
    place and equal `text` elsewhere. A symbol's confidence is therefore never below that of the text.
    """
    if not text:
        return []
    places = [
        [text[:i] + other + text[i + 1 :] for other in ("", *codec.alphabet)] for i in range(len(text))
    ]  # [L, K]: in the blank's column the text without the symbol
    variants = [variant for place in places for variant in place]
    repeated = np.broadcast_to(log_probs, (len(variants), *log_probs.shape))
    scores = label_log_probabilities(repeated, codec.encode_batch(variants)).reshape(len(text), -1)
    chosen = scores[np.arange(len(text)), codec.encode(text)]
    return [float(share) for share in np.exp(chosen - np.logaddexp.reduce(scores, axis=1))]


def constraint_log_probability(log_probs: Floats, automaton: Automaton) -> float:
    """Log p(the text satisfies the constraint | picture), over all paths of all such texts; log_probs: [T, K].

    Computed by the forward algorithm over pairs of automaton state and last class. p(text | picture, the constraint
    holds) is p(text | picture) divided by this probability.
    """
    classes = log_probs.shape[1]
    sources, symbols = np.nonzero(automaton.transitions != DEAD)
    targets = automaton.transitions[sources, symbols]
    # [last class, next class]: a symbol cannot follow itself without a blank in between.
    follow_log_weight = np.where(np.eye(classes, dtype=bool), -np.inf, 0.0)
    follow_log_weight[BLANK] = 0
    alpha = np.full(automaton.transitions.shape, -np.inf)  # [S, K]: log probability of paths by their last class
    alpha[0, BLANK] = 0
    for emitted in log_probs:
        entering = np.logaddexp.reduce(alpha[:, None, :] + follow_log_weight.T[None], axis=2)  # [S, next class]
        grown = np.where(np.arange(classes) == BLANK, np.logaddexp.reduce(alpha, axis=1)[:, None], alpha)
        np.logaddexp.at(grown, (targets, symbols), entering[sources, symbols])
        alpha = grown + emitted
    return float(np.logaddexp.reduce(alpha[automaton.accepting], axis=None))
