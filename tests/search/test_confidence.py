import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.ctc.likelihood import log_softmax
from captcha_ocr.search.confidence import constraint_log_probability, symbol_confidences, symbol_peaks
from captcha_ocr.search.constraints import Constraint
from tests.search.oracle import CODEC, STEPS, TEXTS, exact_log_probabilities, random_log_probs


def probabilities(log_probs: np.ndarray) -> dict[str, float]:
    """Every text with its exact probability."""
    return dict(zip(TEXTS, np.exp(exact_log_probabilities(log_probs, TEXTS)), strict=True))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("text", ["a", "ab", "aa1", "1b1"])
def test_a_symbol_is_as_sure_as_its_text_among_those_that_differ_only_there(text: str, seed: int) -> None:
    log_probs = random_log_probs(seed)
    everything = probabilities(log_probs)
    expected = []
    for place in range(len(text)):
        before, behind = text[:place], text[place + 1 :]
        rivals = [before + behind, *(before + other + behind for other in CODEC.alphabet)]
        expected.append(everything[text] / sum(everything[rival] for rival in rivals))
    np.testing.assert_allclose(symbol_confidences(log_probs, text, CODEC), expected)


@given(st.integers(0, 10**6), st.text("ab1", min_size=1, max_size=3))
def test_a_symbol_is_never_less_sure_than_its_text(seed: int, text: str) -> None:
    log_probs = random_log_probs(seed)
    (score,) = exact_log_probabilities(log_probs, [text])
    shares = np.array(symbol_confidences(log_probs, text, CODEC))
    assert np.all(np.exp(score) <= shares + 1e-9)
    assert np.all(shares <= 1 + 1e-9)


def test_the_doubtful_symbol_is_the_one_that_shows() -> None:
    path = np.full((STEPS, CODEC.classes), 1e-6)
    a, b, one = CODEC.encode("ab1")
    path[[0, 1, 3, 4], [a, 0, 0, one]] = 1
    path[2, [b, one]] = 0.6, 0.4
    first, second, third = symbol_confidences(log_softmax(np.log(path)), "ab1", CODEC)
    assert second == pytest.approx(0.6, abs=1e-3)
    assert min(first, third) > 0.999


def test_an_empty_text_has_no_symbols() -> None:
    assert symbol_confidences(random_log_probs(0), "", CODEC) == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("constraint", "holds"),
    [
        (Constraint(), lambda text: True),
        (Constraint.exact_length(2), lambda text: len(text) == 2),
        (Constraint(symbols="a1", min_length=1), lambda text: text and "b" not in text),
        (Constraint(pattern="(a|aa)b*"), lambda text: text.rstrip("b") in ("a", "aa")),
    ],
)
def test_the_probability_of_a_constraint_is_the_sum_over_its_texts(constraint, holds, seed: int) -> None:
    log_probs = random_log_probs(seed)
    expected = sum(share for text, share in probabilities(log_probs).items() if holds(text))
    assert np.exp(constraint_log_probability(log_probs, constraint.compiled(CODEC))) == pytest.approx(expected)


def test_a_symbol_s_peak_is_its_highest_probability_in_its_own_run() -> None:
    path = np.array([[0.1, 0.6, 0.2, 0.1], [0.1, 0.8, 0.05, 0.05], [0.7, 0.1, 0.1, 0.1], [0.2, 0.5, 0.2, 0.1]])
    assert symbol_peaks(np.log(path)) == pytest.approx([0.8, 0.5])
    assert symbol_peaks(np.log(path[2:3])) == []
