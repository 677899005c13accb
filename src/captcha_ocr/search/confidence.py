"""How sure a reading is: its symbols one by one, and a text among those that a constraint allows.

All of it is exact under the network's probabilities; whether these are right is a matter of calibration, which comes
first: hand over log probabilities that `ctc.tempered` has set right.
"""

from itertools import groupby

import numpy as np

from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities
from captcha_ocr.search.automaton import DEAD, Automaton


def symbol_peaks(log_probs: Floats) -> list[float]:
    """For each symbol of the greedy text, its highest probability over the time steps that it is read from.

    log_probs: [T, K]. What the exported file gives, and cheap; `symbol_confidences` is exact.
    """
    best, highest = log_probs.argmax(axis=1).tolist(), np.exp(log_probs.max(axis=1)).tolist()
    runs = groupby(zip(best, highest, strict=True), key=lambda step: step[0])
    return [max(share for _, share in run) for symbol, run in runs if symbol != BLANK]


def symbol_confidences(log_probs: Floats, text: str, codec: Codec) -> list[float]:
    """For each symbol of `text`, its probability where the others are right; log_probs: [T, K].

    p(text) over the summed probability of all texts that differ from it in that place at most: with any symbol of the
    alphabet there, or with none. All are exact CTC probabilities, so a symbol is never less sure than its text.
    """
    if not text:
        return []
    places = [
        [text[:i] + other + text[i + 1 :] for other in ("", *codec.alphabet)] for i in range(len(text))
    ]  # [L, K]: the blank's place holds the text without the symbol
    variants = [variant for place in places for variant in place]
    repeated = np.broadcast_to(log_probs, (len(variants), *log_probs.shape))
    scores = label_log_probabilities(repeated, codec.encode_batch(variants)).reshape(len(text), -1)
    chosen = scores[np.arange(len(text)), codec.encode(text)]
    return [float(share) for share in np.exp(chosen - np.logaddexp.reduce(scores, axis=1))]


def constraint_log_probability(log_probs: Floats, automaton: Automaton) -> float:
    """Log p(the text satisfies the constraint | picture), over all paths of all such texts; log_probs: [T, K].

    The forward algorithm over pairs of automaton state and last class. It turns p(text) into p(text | the constraint
    holds), the confidence of a reader who knows that it does.
    """
    classes = log_probs.shape[1]
    sources, symbols = np.nonzero(automaton.transitions != DEAD)
    targets = automaton.transitions[sources, symbols]
    barred = np.where(np.eye(classes, dtype=bool), -np.inf, 0.0)  # a symbol after itself needs the blank between
    barred[BLANK] = 0
    alpha = np.full(automaton.transitions.shape, -np.inf)  # [S, K]: log probability of paths by their last class
    alpha[0, BLANK] = 0
    for emitted in log_probs:
        entering = np.logaddexp.reduce(alpha[:, None, :] + barred.T[None], axis=2)  # [S, next class]
        grown = np.where(np.arange(classes) == BLANK, np.logaddexp.reduce(alpha, axis=1)[:, None], alpha)
        np.logaddexp.at(grown, (targets, symbols), entering[sources, symbols])
        alpha = grown + emitted
    return float(np.logaddexp.reduce(alpha[automaton.accepting], axis=None))
