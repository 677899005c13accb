"""The search against every text that fits, with and without constraints."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.ctc.time_steps import time_steps_needed
from captcha_ocr.search.beam_search import beam_search
from captcha_ocr.search.constraints import Constraint
from tests.search.oracle import CODEC, STEPS, TEXTS, exact_log_probabilities, random_log_probs

FITTING = [text for text in TEXTS if time_steps_needed(text) <= STEPS]
EVERYTHING = 1000  # a beam that no hypothesis falls out of: there are 364 texts of up to five symbols

CONSTRAINTS = [
    (Constraint(), lambda text: True),
    (Constraint(symbols="a1"), lambda text: set(text) <= set("a1")),
    (Constraint.exact_length(3), lambda text: len(text) == 3),
    (Constraint(min_length=1, max_length=2), lambda text: 1 <= len(text) <= 2),
    (Constraint(pattern=r"[ab]{2}\d{1,2}"), lambda text: re.fullmatch(r"[ab]{2}\d{1,2}", text)),
    (Constraint(pattern="aaa"), lambda text: text == "aaa"),
    (
        Constraint(symbols="ab", min_length=2, pattern="(ab|ba)*a?"),
        lambda text: re.fullmatch("(ab|ba)*a?", text) and len(text) >= 2,
    ),
]


def ranked(log_probs: np.ndarray, texts: list[str]) -> list[tuple[str, float]]:
    """The texts with their exact probabilities, most probable first."""
    scores = exact_log_probabilities(log_probs, texts)
    return sorted(zip(texts, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("constraint", "holds"), CONSTRAINTS)
def test_a_beam_that_holds_everything_ranks_as_enumeration_does(constraint, holds, seed: int) -> None:
    log_probs = random_log_probs(seed)
    found = beam_search(log_probs, CODEC, constraint.compiled(CODEC), count=EVERYTHING, width=EVERYTHING)
    expected = ranked(log_probs, [text for text in FITTING if holds(text)])
    assert [one.text for one in found] == [text for text, _ in expected]
    np.testing.assert_allclose([one.log_probability for one in found], [score for _, score in expected])


@settings(max_examples=200)
@given(st.integers(0, 10**6), st.sampled_from(CONSTRAINTS), st.floats(0.1, 300), st.integers(1, 4))
def test_a_constraint_holds_whatever_the_network_says_and_however_narrow_the_beam(
    seed: int, pair, sharpness: float, width: int
) -> None:
    constraint, holds = pair
    (best,) = beam_search(random_log_probs(seed, sharpness), CODEC, constraint.compiled(CODEC), width=width)
    assert holds(best.text)


def test_a_constraint_holds_where_the_network_is_certain_of_something_else() -> None:
    """Probabilities of exactly 0 on all that the constraint asks for."""
    path = np.eye(CODEC.classes)[[1, 0, 1, 0, 1]]
    with np.errstate(divide="ignore"):
        (best,) = beam_search(np.log(path), CODEC, Constraint(pattern="b1b").compiled(CODEC))
    assert best.text == "b1b"


@pytest.mark.parametrize("seed", range(20))
def test_the_default_beam_finds_the_best_text_of_tiny_cases(seed: int) -> None:
    log_probs = random_log_probs(seed)
    assert beam_search(log_probs, CODEC, Constraint().compiled(CODEC))[0].text == ranked(log_probs, FITTING)[0][0]


def test_paths_are_summed_where_the_greedy_reading_takes_the_best_one() -> None:
    """Graves' own example: the blank path is the most probable one, "a" the most probable text."""
    probabilities = np.array([[0.6, 0.4, 0, 0], [0.6, 0.4, 0, 0]])
    with np.errstate(divide="ignore"):
        (best,) = beam_search(np.log(probabilities), CODEC, Constraint().compiled(CODEC))
    assert greedy_decode(probabilities[None], CODEC) == [""]
    assert best.text == "a"
    assert np.exp(best.log_probability) == pytest.approx(0.64)


def test_what_cannot_fit_is_an_error() -> None:
    with pytest.raises(CaptchaOcrError, match="needs 7 time steps at least, and the network has 5"):
        beam_search(random_log_probs(0), CODEC, Constraint(pattern="a{4}").compiled(CODEC))
