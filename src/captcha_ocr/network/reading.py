"""What a network says of pictures, outside training."""

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.network.samples import Samples

BATCH = 128


def read_logits(network: keras.Model, samples: Samples) -> NDArray[np.float32]:
    """Logits [N, T, K] of all samples."""
    starts = range(0, len(samples.files), BATCH)
    # Batch by batch: `predict` builds a new input pipeline at each call, which takes longer than reading the batch.
    logits = [network.predict_on_batch(samples.inputs[start : start + BATCH]) for start in starts]
    return np.concatenate([np.asarray(batch, dtype=np.float32) for batch in logits])
