"""Confidences: of each symbol of a text, and of a text under a constraint.

They are computed from the network's log probabilities and can be trusted only as far as these are calibrated: pass log
probabilities from `ctc.likelihood.tempered`.
"""

from collections.abc import Sequence
from itertools import groupby

import numpy as np

from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities
from captcha_ocr.search.automaton import DEAD, Automaton

PORTION = 2**22  # time steps × states of the forward algorithm that are held at a time, of all texts together


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
    # In the blank's column is the text without the symbol. One place at a time: an alphabet may have thousands.
    places = ([text[:i] + other + text[i + 1 :] for other in ("", *codec.alphabet)] for i in range(len(text)))
    scores = np.stack([_log_probabilities(log_probs, variants, codec) for variants in places])  # [L, K]
    chosen = scores[np.arange(len(text)), codec.encode(text)]
    return [float(share) for share in np.exp(chosen - np.logaddexp.reduce(scores, axis=1))]


def _log_probabilities(log_probs: Floats, texts: Sequence[str], codec: Codec) -> Floats:
    """Log p(text | picture) of each text, a portion of them at a time, which bounds the memory."""
    size = max(1, PORTION // (len(log_probs) * (2 * max(map(len, texts)) + 1)))
    scores = []
    for portion in (texts[start : start + size] for start in range(0, len(texts), size)):
        repeated = np.broadcast_to(log_probs, (len(portion), *log_probs.shape))
        scores.append(label_log_probabilities(repeated, codec.encode_batch(portion)))
    return np.concatenate(scores)


def constraint_log_probability(log_probs: Floats, automaton: Automaton) -> float:
    """Log p(the text satisfies the constraint | picture), over all paths of all such texts; log_probs: [T, K].

    Computed by the forward algorithm over pairs of automaton state and last class. p(text | picture, the constraint
    holds) is p(text | picture) divided by this probability.
    """
    sources, symbols = np.nonzero(automaton.transitions != DEAD)
    cells = automaton.transitions[sources, symbols] * log_probs.shape[1] + symbols  # where each leads to, in alpha
    order = np.argsort(cells, kind="stable")
    sources, symbols = sources[order], symbols[order]
    reached, starts = np.unique(cells[order], return_index=True)
    alpha = np.full(automaton.transitions.shape, -np.inf)  # [S, K]: log probability of paths by their last class
    alpha[0, BLANK] = 0
    for emitted in log_probs:
        grown = alpha.copy()
        grown[:, BLANK] = np.logaddexp.reduce(alpha, axis=1)
        if len(reached):
            # A symbol cannot follow itself without a blank in between.
            entering = np.logaddexp.reduceat(_sums_of_others(alpha)[sources, symbols], starts)
            grown.flat[reached] = np.logaddexp(grown.flat[reached], entering)
        alpha = grown + emitted
    return float(np.logaddexp.reduce(alpha[automaton.accepting], axis=None))


def _sums_of_others(alpha: Floats) -> Floats:
    """For each cell the logarithm of the summed exponentials of all others in its row, [S, K].

    Subtracting a cell from the sum of its row is exact enough unless it is most of the sum. So the highest of each row
    is left out instead.
    """
    rows, best = np.arange(len(alpha)), alpha.argmax(axis=1)
    highest = np.maximum(alpha[rows, best], np.finfo(float).min)  # not -inf, which cannot be subtracted
    shares = np.exp(alpha - highest[:, None])
    rest = alpha.copy()
    rest[rows, best] = -np.inf
    with np.errstate(divide="ignore"):  # the logarithm of 0, in a row without probability
        others: Floats = highest[:, None] + np.log(shares.sum(axis=1, keepdims=True) - shares)
    others[rows, best] = np.logaddexp.reduce(rest, axis=1)
    return others
