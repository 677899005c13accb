"""What changes from epoch to epoch or step to step: rate, augmentation and the alignment aid, and how long an epoch is.

Epochs are counted from 0 here.
"""

import math
from collections.abc import Sequence

from keras.optimizers.schedules import CosineDecay

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.params.recipe import TrainParams


def steps_per_epoch(pictures: int, params: TrainParams) -> int:
    """Batches in an epoch: `epoch_steps`, or as many as show each picture once."""
    return params.epoch_steps or math.ceil(pictures / params.batch_size)


def learning_rate(params: TrainParams, steps_per_epoch: int) -> CosineDecay | float:
    """A linear rise over `warmup_epochs` and a cosine that reaches zero after the last step, or a rate that is set by
    the loop of the epochs.
    """
    if params.schedule != "cosine":
        return params.learning_rate
    steps = params.epochs * steps_per_epoch
    # One step is left to the cosine, which Keras demands, however long the warm-up.
    warmup = min(math.ceil(params.warmup_epochs * steps_per_epoch), steps - 1)
    if not warmup:
        return CosineDecay(params.learning_rate, steps)
    # From a part of the rate, not from zero: a step at rate zero would be lost.
    first = params.learning_rate / (warmup + 1)
    return CosineDecay(first, steps - warmup, warmup_target=params.learning_rate, warmup_steps=warmup)


def reduced_rate(history: Sequence[Epoch], params: TrainParams) -> float:
    """The constant rate, multiplied by `reduce_factor` after each `reduce_patience` epochs without a lower monitored
    value, counted anew from each reduction (Keras's ReduceLROnPlateau).
    """
    lowest, waited, rate = math.inf, 0, params.learning_rate
    for epoch in history if params.reduce_patience else []:
        value = getattr(epoch, params.monitor)
        lowest, waited = (value, 0) if value < lowest else (lowest, waited + 1)
        if waited == params.reduce_patience:
            waited, rate = 0, rate * params.reduce_factor
    return rate


def alignment_weight(epoch: int, params: TrainParams) -> float:
    """1 in the first epoch, falling to 0 after `alignment_epochs`; 0 where the start reads already."""
    if params.pretrained or not params.alignment_epochs:
        return 0.0
    return max(0.0, 1 - epoch / params.alignment_epochs)


def augmentation_share(epoch: int, params: TrainParams) -> float:
    """0 in the first epoch, rising to 1 after `augmentation_epochs`."""
    return min(1.0, epoch / params.augmentation_epochs) if params.augmentation_epochs else 1.0
