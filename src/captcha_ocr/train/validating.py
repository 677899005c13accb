"""Reads the validation pictures after an epoch."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.ctc.likelihood import label_log_probabilities, log_softmax
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.scoring.metrics import character_error_rate, exact_match

MOST_VALIDATED = 500  # pictures that an epoch reads: more would take longer than the epoch, and tell little more


@dataclass(frozen=True)
class Validation:
    """The CTC loss of each picture, [N], and of all together CER and exact match."""

    losses: NDArray[np.float64]
    cer: float
    exact_match: float


def validated(samples: Samples, seed: int) -> Samples:
    """Those validation pictures that each epoch reads: all, or MOST_VALIDATED that the seed draws."""
    if len(samples.labels) <= MOST_VALIDATED:
        return samples
    return samples.taken(np.sort(np.random.default_rng(seed).permutation(len(samples.labels))[:MOST_VALIDATED]))


def validate(network: keras.Model, samples: Samples, codec: Codec) -> Validation:
    """What the network reads of the samples."""
    logits = read_logits(network, samples.inputs)
    log_likelihoods = label_log_probabilities(log_softmax(logits), codec.encode_batch(samples.labels))
    texts = greedy_decode(logits, codec)
    return Validation(
        -np.asarray(log_likelihoods, dtype=np.float64),
        character_error_rate(samples.labels, texts),
        exact_match(samples.labels, texts),
    )
