"""A learning rate that stays until the fit stops getting better, and then falls to zero.

How long a fit must be is not known beforehand, so the fall begins when validation says so: Hägele et al. 2024, "Scaling
Laws and Compute-Optimal Training Beyond Fixed Training Durations", show that such a fall does as well as a cosine whose
length was right. Epochs are counted from 0.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.stopping import PLATEAU_CER

FALL = 0.5  # length of the fall, as a share of the epochs before it
WINDOW = 0.25  # the latest share of the epochs, which is compared with as many before them
SMALLEST_WINDOW = 3  # epochs
LEAST_GAIN = 0.05  # of the mean loss from one window to the next; t^-0.2 loses as much
HIGHEST_LOSS = 10.0  # nats; a wrongly labelled picture has more and more as the network gets surer

Losses = NDArray[Any]


def is_settled(losses: Losses) -> bool:
    """Whether the last epochs have brought nothing, by the losses of the validation pictures, [epochs, pictures].

    The same pictures are compared with themselves, so that chance has little part in it: the mean loss must have
    fallen by more than its standard error, and by more than a twentieth. Otherwise the fit has settled.
    """
    window = max(SMALLEST_WINDOW, round(WINDOW * len(losses)))
    if len(losses) < 2 * window:
        return False
    capped = np.minimum(losses[-2 * window :], HIGHEST_LOSS)
    before, after = capped[:window].mean(axis=0), capped[window:].mean(axis=0)
    gains = before - after
    by_chance = gains.std(ddof=1) / math.sqrt(len(gains)) if len(gains) > 1 else math.inf
    return bool(gains.mean() <= max(by_chance, LEAST_GAIN * before.mean()))


def latest_fall(params: TrainParams) -> int:
    """The last epoch at which the fall can begin, so that it ends with the epochs of the recipe."""
    return max(math.floor(params.epochs / (1 + FALL)), 1)


def earliest_fall(params: TrainParams) -> int:
    """The first epoch at which the fall can begin."""
    return min(max(params.min_epochs, 1), latest_fall(params))


def fall_start(losses: Losses, cers: Sequence[float], params: TrainParams) -> int | None:
    """The epoch with which the rate begins to fall; None where it has to stay after these epochs.

    `cers` are the validation CERs of the epochs. A network that still reads nothing has not settled, however flat its
    loss is.
    """
    for epochs in range(earliest_fall(params), len(losses) + 1):
        if epochs >= latest_fall(params) or (cers[epochs - 1] <= PLATEAU_CER and is_settled(losses[:epochs])):
            return epochs
    return None


def last_epoch(start: int) -> int:
    """How many epochs a fit has whose rate begins to fall with epoch `start`."""
    return start + math.ceil(FALL * start)


def rate(step: int, epoch_steps: int, start: int | None, params: TrainParams) -> float:
    """The learning rate of a step, counted from 0: it rises over `warmup_epochs`, stays, and falls from `start` on."""
    risen = min(1.0, (step + 1) / (params.warmup_epochs * epoch_steps + 1))
    if start is None:
        return params.learning_rate * risen
    length = (last_epoch(start) - start) * epoch_steps
    return params.learning_rate * risen * min(1.0, max(0.0, 1 - (step - start * epoch_steps) / length))
