"""The epochs of a fit as values: which was best, when to stop, and when something is wrong."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.params import TrainParams

# A network that emits blanks, or one symbol for all pictures, has a CER of about 0.9 and above.
PLATEAU_CER = 0.8


@dataclass(frozen=True)
class Epoch:
    """One row of the history.

    Validation figures are of the whole split, by decoded strings. `seconds` count from the start of fitting,
    compilation and validation included.
    """

    epoch: int
    loss: float
    val_loss: float
    val_cer: float
    val_exact_match: float
    learning_rate: float
    seconds: float

    def line(self) -> str:
        """For a person who follows the fit."""
        return (
            f"epoch {self.epoch:3}  loss {self.loss:7.3f}  validation: loss {self.val_loss:7.3f}, "
            f"CER {self.val_cer:7.2%}, exact {self.val_exact_match:7.2%}  rate {self.learning_rate:.1e}  "
            f"{self.seconds:5.0f} s"
        )


def best_epoch(history: Sequence[Epoch]) -> Epoch:
    """The lowest validation CER; among equals the lowest validation loss, then the earliest."""
    return min(history, key=lambda epoch: (epoch.val_cer, epoch.val_loss))


def should_stop(history: Sequence[Epoch], params: TrainParams) -> bool:
    """No epoch of the last `patience` had a lower validation CER than all before, or the epochs are used up."""
    if len(history) >= params.epochs:
        return True
    lowest = min(range(len(history)), key=lambda i: history[i].val_cer, default=0)
    return len(history) - 1 - lowest >= params.patience


def check_progress(history: Sequence[Epoch], params: TrainParams) -> None:
    """Raises CaptchaOcrError for a loss that is not finite, and for a fit that stays on the all-blank plateau."""
    last = history[-1]
    if not math.isfinite(last.loss) or not math.isfinite(last.val_loss):
        raise CaptchaOcrError(
            f"epoch {last.epoch}: the loss is {last.loss}, on validation {last.val_loss}: lower train.learning_rate "
            f"(now {params.learning_rate}) or train.clip_norm (now {params.clip_norm}), or set train.precision to "
            "float32"
        )
    lowest = min(epoch.val_cer for epoch in history)
    if params.plateau_epochs and len(history) >= params.plateau_epochs and lowest > PLATEAU_CER:
        raise CaptchaOcrError(
            f"after {len(history)} epochs the network still reads nothing (validation CER {lowest:.0%}): it is on the "
            "all-blank plateau of CTC. Raise train.alignment_epochs, lower train.augmentation or train.learning_rate, "
            "add pictures, or raise train.plateau_epochs to wait longer"
        )
