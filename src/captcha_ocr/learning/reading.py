"""What a network says of pictures, outside training."""

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.data.samples import Samples

BATCH = 128


def read_logits(network: keras.Model, samples: Samples) -> NDArray[np.float32]:
    """Logits [N, T, K] of all samples."""
    return np.asarray(network.predict(samples.inputs, batch_size=BATCH, verbose=0), dtype=np.float32)
