"""What changes from epoch to epoch or step to step: rate, augmentation and the alignment aid, and how long an epoch is.

Epochs are counted from 0 here.
"""

import math
from collections.abc import Sequence

from keras.optimizers.schedules import CosineDecay

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.params.recipe import Recipe


def steps_per_epoch(pictures: int, recipe: Recipe) -> int:
    """Batches in an epoch: `passes_per_epoch` over the pictures, or more where the whole fit would miss `min_steps`."""
    once = math.ceil(recipe.passes_per_epoch * pictures / recipe.batch_size)
    return max(once, math.ceil(recipe.min_steps / recipe.epochs))


def learning_rate(recipe: Recipe, steps_per_epoch: int) -> CosineDecay | float:
    """The constant rate, or a linear rise over `warmup_epochs` and a cosine that reaches zero after the last step."""
    if recipe.schedule == "constant":
        return recipe.learning_rate
    steps = recipe.epochs * steps_per_epoch
    # One step is left to the cosine, which Keras demands, however long the warm-up.
    warmup = min(math.ceil(recipe.warmup_epochs * steps_per_epoch), steps - 1)
    if not warmup:
        return CosineDecay(recipe.learning_rate, steps)
    # From a part of the rate, not from zero: a step at rate zero would be lost.
    first = recipe.learning_rate / (warmup + 1)
    return CosineDecay(first, steps - warmup, warmup_target=recipe.learning_rate, warmup_steps=warmup)


def reduced_rate(history: Sequence[Epoch], recipe: Recipe) -> float:
    """The constant rate, multiplied by `reduce_factor` after each `reduce_patience` epochs without a lower monitored
    figure, counted anew from each reduction (Keras's ReduceLROnPlateau).
    """
    lowest, waited, rate = math.inf, 0, recipe.learning_rate
    for epoch in history if recipe.reduce_patience else []:
        figure = getattr(epoch, recipe.monitor)
        lowest, waited = (figure, 0) if figure < lowest else (lowest, waited + 1)
        if waited == recipe.reduce_patience:
            waited, rate = 0, rate * recipe.reduce_factor
    return rate


def alignment_weight(epoch: int, recipe: Recipe) -> float:
    """1 in the first epoch, falling to 0 after `alignment_epochs`; 0 where the start reads already."""
    if recipe.pretrained or not recipe.alignment_epochs:
        return 0.0
    return max(0.0, 1 - epoch / recipe.alignment_epochs)


def augmentation_share(epoch: int, recipe: Recipe) -> float:
    """0 in the first epoch, rising to 1 after `augmentation_epochs`."""
    return min(1.0, epoch / recipe.augmentation_epochs) if recipe.augmentation_epochs else 1.0
