"""The most probable texts of one picture, within a constraint.

CTC prefix beam search (Graves 2012, "Sequence transduction with recurrent neural networks"; Hannun et al. 2014,
arXiv:1408.2873): hypotheses are texts, each with the probability of its paths that end in a blank and of those that end
in its last symbol.

The constraint works inside the search. A hypothesis is dropped as soon as the time steps that remain are too few for
what it still has to write; whatever stays can therefore be completed, and at the last step is complete: a reading
satisfies its constraint always, and no beam is spent on what cannot. Libraries for CTC (pyctcdecode, flashlight-text,
fast-ctc-decode, torchaudio) take a lexicon or a language model, but no length and no pattern, and the first needs what
a recogniser should not: hence these lines of numpy.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities
from captcha_ocr.search.automaton import DEAD, Automaton

# Below e^-1000 nothing is told apart; without a floor, a network sure of a symbol would forbid what a constraint asks.
FLOOR = -1000.0
WIDTH = 32


@dataclass(frozen=True)
class Candidate:
    """A text, and its exact log p(text | picture) over all its paths, found by the beam or not."""

    text: str
    log_probability: float


@dataclass(frozen=True)
class _Beam:
    """B hypotheses: class indices, automaton state, last class, and log probabilities by how their paths end."""

    prefixes: list[tuple[int, ...]]
    states: NDArray[np.int64]
    last: NDArray[np.int64]
    in_blank: NDArray[np.float64]
    in_symbol: NDArray[np.float64]


def _advance(beam: _Beam, emitted: Floats, automaton: Automaton, remaining: int, width: int) -> _Beam:
    """The beam after one more time step, whose log probabilities are `emitted` [K]."""
    rows, classes = np.arange(len(beam.prefixes)), np.arange(len(emitted))
    either = np.logaddexp(beam.in_blank, beam.in_symbol)
    # The same text: one more blank, or its last symbol held on to.
    blank, symbol = either + emitted[BLANK], beam.in_symbol + emitted[beam.last]
    # One symbol more, [B, K]; the last one again only after a blank.
    grown = either[:, None] + emitted
    grown[rows, beam.last] = beam.in_blank + emitted[beam.last]
    onward = automaton.transitions[beam.states]
    grown[(onward == DEAD) | (automaton.needed[onward, classes] > remaining)] = -np.inf
    _merge_known(beam, grown, symbol)
    blank[automaton.needed[beam.states, BLANK] > remaining] = -np.inf
    symbol[automaton.needed[beam.states, beam.last] > remaining] = -np.inf
    return _best(beam, blank, symbol, grown, onward, width)


def _merge_known(beam: _Beam, grown: Floats, symbol: Floats) -> None:
    """Where a hypothesis grows into another one of the beam, their probabilities are one."""
    places = {prefix: row for row, prefix in enumerate(beam.prefixes)}
    for row, prefix in enumerate(beam.prefixes):
        if prefix and (parent := places.get(prefix[:-1])) is not None:
            symbol[row] = np.logaddexp(symbol[row], grown[parent, prefix[-1]])
            grown[parent, prefix[-1]] = -np.inf


def _best(beam: _Beam, blank: Floats, symbol: Floats, grown: Floats, onward: NDArray[np.int64], width: int) -> _Beam:
    """The `width` most probable of those that stayed and those that grew."""
    scores = np.concatenate([np.logaddexp(blank, symbol), grown.ravel()])
    order = np.argsort(-scores, kind="stable")[:width]
    order = order[np.isfinite(scores[order])]
    stayed = order[order < len(blank)]
    rows, added = np.divmod(order[order >= len(blank)] - len(blank), grown.shape[1])
    extended = [(*beam.prefixes[row], int(k)) for row, k in zip(rows, added, strict=True)]
    return _Beam(
        [beam.prefixes[row] for row in stayed] + extended,
        np.concatenate([beam.states[stayed], onward[rows, added]]),
        np.concatenate([beam.last[stayed], added]),
        np.concatenate([blank[stayed], np.full(len(rows), -np.inf)]),
        np.concatenate([symbol[stayed], grown[rows, added]]),
    )


def beam_search(
    log_probs: Floats, codec: Codec, automaton: Automaton, count: int = 1, width: int = WIDTH
) -> list[Candidate]:
    """The `count` most probable texts that the automaton accepts, most probable first; log_probs: [T, K].

    Among all texts that the beam reached; it may miss one whose beginning looked poor, the less so the wider it is.
    Raises CaptchaOcrError where no text that satisfies the constraint fits into T time steps.
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
    found = [Candidate(text, float(score)) for text, score in zip(texts, scores, strict=True)]
    return sorted(found, key=lambda one: (-one.log_probability, one.text))[:count]
