"""Which pictures each batch of a fit holds: an endless stream of seeded permutations, cut into batches and epochs."""

import math

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.schedule import steps_per_epoch


def epoch_batches(pictures: int, params: TrainParams, epoch: int) -> NDArray[np.int64]:
    """[steps, batch size]: the rows of epoch `epoch` (counted from 0), dependent on it and the seed alone.

    The stream runs on over the epochs' ends, so that every batch is full: one of another size would have the training
    step compiled a second time.
    """
    shape = (steps_per_epoch(pictures, params), params.batch_size)
    start, end = (math.prod(shape) * number for number in (epoch, epoch + 1))
    passes = range(start // pictures, math.ceil(end / pictures))
    stream = np.concatenate([np.random.default_rng((params.seed, number)).permutation(pictures) for number in passes])
    return stream[start - passes.start * pictures :][: end - start].reshape(shape)
