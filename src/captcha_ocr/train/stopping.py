"""The epochs of a fit as values: which was best, when to stop, and when something is wrong."""

import math
from collections.abc import Sequence
from typing import Literal

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.recipe import TrainParams

# A network that emits blanks, or one symbol for all pictures, has a CER of about 0.9 and above.
PLATEAU_CER = 0.8
Monitor = Literal["val_cer", "val_loss"]


def best_epoch(history: Sequence[Epoch], monitor: Monitor) -> Epoch:
    """The lowest `monitor`; among equals the latest.

    Not the lowest loss among equal CERs: one mislabelled validation picture makes the loss rise as the network gets
    surer, and would pick the least trained epoch.
    """
    return min(history, key=lambda epoch: (getattr(epoch, monitor), -epoch.epoch))


def should_stop(history: Sequence[Epoch], params: TrainParams) -> bool:
    """Whether the epochs are used up, or the last `patience` of them brought no lower monitored value."""
    if len(history) >= params.epochs:
        return True
    values = [getattr(epoch, params.monitor) for epoch in history]
    lowest = min(range(len(values)), key=values.__getitem__, default=0)
    return len(history) - 1 - lowest >= params.patience


def remedy_for_overflow(params: TrainParams) -> str:
    """What to change where a loss or a weight is not finite."""
    return (
        f"lower train.learning_rate (now {params.learning_rate}) or train.clip_norm (now {params.clip_norm}; 0: none), "
        "or set train.precision to float32"
    )


def check_progress(history: Sequence[Epoch], params: TrainParams) -> None:
    """Raises CaptchaOcrError for a loss that is not finite, and for a fit that stays on the all-blank plateau."""
    last = history[-1]
    if not math.isfinite(last.loss) or not math.isfinite(last.val_loss):
        raise CaptchaOcrError(
            f"epoch {last.epoch}: the loss is {last.loss}, on validation {last.val_loss}: {remedy_for_overflow(params)}"
        )
    lowest = min(epoch.val_cer for epoch in history)
    if params.plateau_epochs and len(history) >= params.plateau_epochs and lowest > PLATEAU_CER:
        raise CaptchaOcrError(
            f"after {len(history)} epochs the network still reads nothing (validation CER {lowest:.0%}): it is on the "
            "all-blank plateau of CTC. Raise train.alignment_epochs, lower train.augmentation or train.learning_rate, "
            "add pictures, or raise train.plateau_epochs to wait longer"
        )
