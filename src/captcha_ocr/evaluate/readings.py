"""What a network reads of labelled pictures, as a table."""

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
    """One row a picture, from logits [N, T, K]; confidences are at the given temperature."""
    found = read_greedily(logits, codec, temperature)
    by_symbol = [symbol_peaks(row) for row in found.log_probs]
    frame = pd.DataFrame(
        {
            "file": files,
            "label": labels,
            "text": found.texts,
            "confidence": found.confidences.round(6),
            "symbol_confidence": [" ".join(f"{share:.4f}" for share in shares) for shares in by_symbol],
            "edit_distance": edit_distances(labels, found.texts),
        }
    )
    return Predictions.from_frame(worst_first(frame))


def images_per_second(network: keras.Model, inputs: NDArray[np.uint8]) -> float:
    """Throughput of the Keras network on decoded pictures [N, H, W, C], after one reading that warms up."""
    read_logits(network, inputs)
    started = time.perf_counter()
    read_logits(network, inputs)
    return len(inputs) / (time.perf_counter() - started)
