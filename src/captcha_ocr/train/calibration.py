"""Calibrates a fitted network's confidence on the validation split."""

from dataclasses import dataclass

import keras
import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.scoring.selective import threshold_for
from captcha_ocr.scoring.temperature import fit_temperature


@dataclass(frozen=True)
class Calibration:
    """What the logits are divided by, and the confidence from which on 99.9 % are exact (None: nowhere)."""

    temperature: float
    confidence_threshold: float | None


def calibrate(network: keras.Model, validation: Samples, codec: Codec) -> Calibration:
    """Temperature and threshold, both learnt from the same validation pictures."""
    logits = read_logits(network, validation.inputs)
    temperature = fit_temperature(logits, validation.labels, codec)
    found = read_greedily(logits, codec, temperature)
    exact = np.array([text == label for text, label in zip(found.texts, validation.labels, strict=True)])
    return Calibration(temperature, threshold_for(found.confidences, exact))
