"""The readings of labelled pictures as a table, and how fast the network reads."""

import time
from collections.abc import Sequence

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.artifacts.predictions import Predictions, worst_first
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.ctc.likelihood import Floats
from captcha_ocr.network.reading import read_logits
from captcha_ocr.scoring.metrics import edit_distances
from captcha_ocr.search.confidence import symbol_peaks


def predictions_of(
    files: Sequence[str], labels: Sequence[str], logits: Floats, codec: Codec, temperature: float
) -> Predictions:
    """Decodes logits [N, T, K] greedily; confidences are at `temperature`. One row for each picture, worst first."""
    readings = read_greedily(logits, codec, temperature)
    by_symbol = [symbol_peaks(row) for row in readings.log_probs]
    frame = pd.DataFrame(
        {
            "file": files,
            "label": labels,
            "text": readings.texts,
            "confidence": readings.confidences.round(6),
            "symbol_confidence": [" ".join(f"{share:.4f}" for share in shares) for shares in by_symbol],
            "edit_distance": edit_distances(labels, readings.texts),
        }
    )
    return Predictions.from_frame(worst_first(frame))


def images_per_second(network: keras.Model, inputs: NDArray[np.uint8]) -> float:
    """Pictures per second of the Keras network, from `inputs` [N, H, W, C] to logits, after one untimed run."""
    read_logits(network, inputs)
    started = time.perf_counter()
    read_logits(network, inputs)
    return len(inputs) / (time.perf_counter() - started)
