"""Computes the logits of a network, outside training."""

import keras
import numpy as np
from numpy.typing import NDArray

BATCH = 32  # pictures that a network reads at a time: more take more memory, and are hardly faster on a CPU


def read_logits(network: keras.Model, inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The logits, float32 [N, T, K], of pictures, uint8 [N, H, W, C], at the network's input size."""
    starts = range(0, len(inputs), BATCH)
    # Not by `predict`: it builds a new input pipeline at each call, which takes longer than computing a batch.
    logits = [network.predict_on_batch(inputs[start : start + BATCH]) for start in starts]
    return np.concatenate([np.asarray(batch, dtype=np.float32) for batch in logits])
