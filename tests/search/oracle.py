"""All texts of a tiny alphabet with their exact probabilities, for comparison with what the search finds."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import label_log_probabilities, log_softmax

CODEC = Codec("ab1")
STEPS = 5
TEXTS = ["".join(symbols) for n in range(STEPS + 1) for symbols in product(CODEC.alphabet, repeat=n)]


def random_log_probs(seed: int, sharpness: float = 3.0) -> np.ndarray:
    """[STEPS, K], the surer the greater `sharpness` is."""
    return log_softmax(np.random.default_rng(seed).normal(size=(STEPS, CODEC.classes)) * sharpness)


def exact_log_probabilities(log_probs: np.ndarray, texts: Sequence[str]) -> list[float]:
    """Of each text, over all its paths through `log_probs`, [T, K]."""
    repeated = np.repeat(log_probs[None], len(texts), axis=0)
    return label_log_probabilities(repeated, CODEC.encode_batch(texts)).tolist()
