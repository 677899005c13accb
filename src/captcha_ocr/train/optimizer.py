"""Keras's optimiser as the train parameters ask for it, and what a gradient that is not finite leaves behind."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.schedule import learning_rate
from captcha_ocr.train.stopping import remedy_for_overflow


def build_optimizer(params: TrainParams, steps_per_epoch: int) -> keras.optimizers.Optimizer:
    """Adam (Kingma and Ba 2015) or AdamW (Loshchilov and Hutter 2019).

    The norm of the whole gradient is clipped to `clip_norm` (Pascanu et al. 2013). With `ema`, the optimiser averages
    the weights of all steps; `finalize_variable_values` puts the averages in the weights' place.
    """
    options: dict[str, Any] = {
        "learning_rate": learning_rate(params, steps_per_epoch),
        "global_clipnorm": params.clip_norm or None,
        "use_ema": params.ema > 0,
        "ema_momentum": params.ema,
    }
    if params.optimizer == "adamw":
        return keras.optimizers.AdamW(weight_decay=params.weight_decay, **options)
    return keras.optimizers.Adam(**options)


def check_finite(variables: Sequence[keras.Variable], epoch: int, params: TrainParams) -> None:
    """Raises CaptchaOcrError naming the variables of model and optimiser that are not finite.

    One gradient that is not finite makes them so, and for good. The losses need not show it: ReLU and max pooling turn
    NaN into numbers on some devices.
    """
    spoilt = [v.path for v in variables if not np.isfinite(keras.ops.convert_to_numpy(v)).all()]
    if spoilt:
        raise CaptchaOcrError(
            f"epoch {epoch}: a gradient was not finite, and has spoilt {listed(spoilt, 3)}: "
            f"{remedy_for_overflow(params)}"
        )
