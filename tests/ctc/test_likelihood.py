"""CTC against an oracle that enumerates every path."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import label_log_probabilities, log_softmax, tempered
from captcha_ocr.ctc.time_steps import time_steps_needed

CODEC = Codec("ab")
STEPS = 4


def enumerated(log_probs: np.ndarray, label: str) -> float:
    paths = product(range(CODEC.classes), repeat=len(log_probs))
    scores = [sum(log_probs[t, k] for t, k in enumerate(path)) for path in paths if CODEC.collapse(path) == label]
    return float(np.logaddexp.reduce(scores)) if scores else -np.inf


def random_log_probs(count: int, seed: int = 0) -> np.ndarray:
    return log_softmax(np.random.default_rng(seed).normal(size=(count, STEPS, CODEC.classes)) * 3)


def test_the_probability_of_a_label_sums_over_all_its_paths() -> None:
    labels = ["", "a", "b", "aa", "ab", "ba", "aba", "aab", "abab"]
    log_probs = random_log_probs(len(labels))
    expected = [enumerated(lp, label) for lp, label in zip(log_probs, labels, strict=True)]
    np.testing.assert_allclose(label_log_probabilities(log_probs, CODEC.encode_batch(labels)), expected, rtol=1e-9)


def test_all_labels_together_have_probability_one() -> None:
    labels = ["".join(symbols) for n in range(STEPS + 1) for symbols in product("ab", repeat=n)]
    log_probs = np.repeat(random_log_probs(1), len(labels), axis=0)
    with np.errstate(divide="ignore"):
        total = np.exp(label_log_probabilities(log_probs, CODEC.encode_batch(labels))).sum()
    assert total == pytest.approx(1)


@given(st.text(alphabet="ab", max_size=5))
def test_a_label_has_a_path_exactly_where_it_fits(label: str) -> None:
    (log_probability,) = label_log_probabilities(random_log_probs(1), CODEC.encode_batch([label]))
    assert np.isfinite(log_probability) == (time_steps_needed(label) <= STEPS)


def test_a_temperature_is_a_softmax_of_divided_logits() -> None:
    logits = np.random.default_rng(0).normal(size=(2, 3, 4))
    np.testing.assert_allclose(tempered(logits, 2.0), log_softmax(logits / 2))
    np.testing.assert_allclose(tempered(log_softmax(logits), 2.0), log_softmax(logits / 2))
    np.testing.assert_allclose(tempered(logits, 1.0), log_softmax(logits))
