"""The pictures of each batch as training shows them: changed at random, ahead of the step that takes them."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.augmentation.batch import augment, strengths
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.schedule import augmentation_share

AHEAD = 2  # batches that are ready or being made while a step runs


def shown_batches(
    train: Samples, rows: NDArray[np.int64], params: TrainParams, epoch: int
) -> Iterator[NDArray[np.uint8]]:
    """The inputs of the batches of epoch `epoch` (counted from 0), whose `rows` are [steps, batch size].

    Changes depend on the seed, the epoch and the batch alone, so that a killed fit resumes to the same weights.
    """
    applied = strengths(params, augmentation_share(epoch, params))
    if not applied:
        yield from (train.inputs[batch] for batch in rows)
        return
    sizes = train.sizes
    coming: deque[Future[NDArray[np.uint8]]] = deque()
    # A thread, since Pillow and NumPy let others run meanwhile, among them the step.
    with ThreadPoolExecutor(1, "augmentation") as pool:
        for step, batch in enumerate(rows):
            seed = (params.seed, epoch, step)
            coming.append(pool.submit(augment, train.inputs[batch], sizes[batch], applied, seed))
            if len(coming) > AHEAD:
                yield coming.popleft().result()
        while coming:
            yield coming.popleft().result()
