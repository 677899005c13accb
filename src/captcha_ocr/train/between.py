"""Weights between those that a fit started from and those that it ended with, so that what could be read is kept.

A fit on a few new pictures forgets others. Networks between start and end often read both (Wortsman et al. 2022,
"Robust fine-tuning of zero-shot models").
"""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.scoring.metrics import character_error_rate, exact_match

SHARES = (0.25, 0.5, 0.75, 1.0)  # of the way from start to end


@dataclass(frozen=True)
class Between:
    """The share of the way that was chosen, and what the network reads of the validation pictures there."""

    share: float
    val_cer: float
    val_exact_match: float


def settle_between(
    network: keras.Model,
    start: Sequence[NDArray[np.float32]],
    training: Samples,
    validation: Samples,
    codec: Codec,
) -> Between:
    """Moves the fitted `network` back towards the weights `start`, as far as it reads its pictures no worse for it.

    Of SHARES, the one with the lowest CER of training and validation pictures together, among equals the smallest.
    """
    end, found = network.get_weights(), []
    for share in SHARES:
        network.set_weights([a + np.float32(share) * (b - a) for a, b in zip(start, end, strict=True)])
        read, texts = (greedy_decode(read_logits(network, side.inputs), codec) for side in (training, validation))
        cer = character_error_rate(training.labels + validation.labels, read + texts)
        of_validation = character_error_rate(validation.labels, texts), exact_match(validation.labels, texts)
        found.append((cer, Between(share, *of_validation)))
    chosen = min(found, key=lambda row: (row[0], row[1].share))[1]
    network.set_weights([a + np.float32(chosen.share) * (b - a) for a, b in zip(start, end, strict=True)])
    return chosen
