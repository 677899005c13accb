"""What a fitted network's confidence is worth, learnt from the validation split."""

from typing import Any

import keras
import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import greedy_decode
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.scoring.reliability import fit_temperature, text_confidences, threshold_for


def calibrate(network: keras.Model, validation: Samples, codec: Codec) -> dict[str, Any]:
    """For the record: `temperature`, and `confidence_threshold`, from which on 99.9 % are exact (None: nowhere)."""
    logits = read_logits(network, validation)
    texts, temperature = greedy_decode(logits, codec), fit_temperature(logits, validation.labels, codec)
    confidences = text_confidences(logits, texts, codec, temperature)
    exact = np.array([text == label for text, label in zip(texts, validation.labels, strict=True)])
    return {"temperature": temperature, "confidence_threshold": threshold_for(confidences, exact)}
