"""Searches for the most probable texts of one picture that satisfy a constraint.

CTC prefix beam search (Graves 2012, "Sequence transduction with recurrent neural networks"; Hannun et al. 2014,
arXiv:1408.2873). A hypothesis is a text with two probabilities: of its paths that end in a blank, and of its paths that
end in its last symbol.

The constraint is applied during the search. A hypothesis is dropped as soon as the remaining time steps are too few to
complete it. Every hypothesis that is kept can therefore be completed, and after the last step it is complete: a reading
always satisfies its constraint.

Libraries for CTC decoding (pyctcdecode, flashlight-text, fast-ctc-decode, torchaudio) take a lexicon or a language
model, but neither a length nor a pattern. That is why the search is written here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities
from captcha_ocr.search.automaton import DEAD, Automaton

# The lowest log probability. Without it, a class of probability 0 could not be read even if the constraint requires it.
FLOOR = -1000.0
WIDTH = 32  # hypotheses kept at each time step


@dataclass(frozen=True)
class Candidate:
    """A text and its exact log p(text | picture), over all its paths, including those that the beam dropped."""

    text: str
    log_probability: float


@dataclass(frozen=True)
class _Beam:
    """B hypotheses: class indices of the text, automaton state [B], last class [B], and two log probabilities [B].

    in_blank is of the paths that end in a blank, in_symbol of those that end in the last symbol.
    """

    prefixes: list[tuple[int, ...]]
    states: NDArray[np.int64]
    last: NDArray[np.int64]
    in_blank: NDArray[np.float64]
    in_symbol: NDArray[np.float64]


def _advance(beam: _Beam, emitted: Floats, automaton: Automaton, remaining: int, width: int) -> _Beam:
    """The beam after one more time step with the log probabilities `emitted` [K]; `remaining` time steps follow it."""
    rows, classes = np.arange(len(beam.prefixes)), np.arange(len(emitted))
    total = np.logaddexp(beam.in_blank, beam.in_symbol)
    # The text stays the same: the step is a blank, or repeats the path's last symbol.
    blank, symbol = total + emitted[BLANK], beam.in_symbol + emitted[beam.last]
    # The text grows by one symbol, [B, K]. A symbol equal to the last one counts only after a blank.
    grown = total[:, None] + emitted
    grown[rows, beam.last] = beam.in_blank + emitted[beam.last]
    next_states = automaton.transitions[beam.states]
    grown[(next_states == DEAD) | (automaton.needed[next_states, classes] > remaining)] = -np.inf
    _merge_equal_texts(beam, grown, symbol)
    blank[automaton.needed[beam.states, BLANK] > remaining] = -np.inf
    symbol[automaton.needed[beam.states, beam.last] > remaining] = -np.inf
    return _best(beam, blank, symbol, grown, next_states, width)


def _merge_equal_texts(beam: _Beam, grown: Floats, symbol: Floats) -> None:
    """Where a hypothesis grows into a text that the beam already holds, adds its probability to that one's."""
    places = {prefix: row for row, prefix in enumerate(beam.prefixes)}
    for row, prefix in enumerate(beam.prefixes):
        if prefix and (parent := places.get(prefix[:-1])) is not None:
            symbol[row] = np.logaddexp(symbol[row], grown[parent, prefix[-1]])
            grown[parent, prefix[-1]] = -np.inf


def _best(
    beam: _Beam, blank: Floats, symbol: Floats, grown: Floats, next_states: NDArray[np.int64], width: int
) -> _Beam:
    """The `width` most probable hypotheses, of those whose text stayed the same and those whose text grew."""
    scores = np.concatenate([np.logaddexp(blank, symbol), grown.ravel()])
    order = np.argsort(-scores, kind="stable")[:width]
    order = order[np.isfinite(scores[order])]
    stayed = order[order < len(blank)]
    rows, added = np.divmod(order[order >= len(blank)] - len(blank), grown.shape[1])
    extended = [(*beam.prefixes[row], int(k)) for row, k in zip(rows, added, strict=True)]
    return _Beam(
        [beam.prefixes[row] for row in stayed] + extended,
        np.concatenate([beam.states[stayed], next_states[rows, added]]),
        np.concatenate([beam.last[stayed], added]),
        np.concatenate([blank[stayed], np.full(len(rows), -np.inf)]),
        np.concatenate([symbol[stayed], grown[rows, added]]),
    )


def beam_search(
    log_probs: Floats, codec: Codec, automaton: Automaton, count: int = 1, width: int = WIDTH
) -> list[Candidate]:
    """The `count` most probable texts that the automaton accepts, most probable first; log_probs: [T, K].

    Only texts that the beam reached are considered. It may miss a text whose beginning is improbable; a greater `width`
    makes that rarer. Raises CaptchaOcrError if no text that satisfies the constraint fits into T time steps.
    """
    steps = len(log_probs)
    automaton.check_fits(steps)
    floored = np.maximum(log_probs, FLOOR)
    start, nothing = np.zeros(1, dtype=np.int64), np.array([-np.inf])
    beam = _Beam([()], start, start + BLANK, np.zeros(1), nothing)
    for step in range(steps):
        beam = _advance(beam, floored[step], automaton, steps - step - 1, max(width, count))
    texts = [codec.decode(prefix) for prefix in beam.prefixes]
    repeated = np.broadcast_to(floored, (len(texts), *floored.shape))
    scores = label_log_probabilities(repeated, codec.encode_batch(texts))
    candidates = [Candidate(text, float(score)) for text, score in zip(texts, scores, strict=True)]
    return sorted(candidates, key=lambda candidate: (-candidate.log_probability, candidate.text))[:count]
