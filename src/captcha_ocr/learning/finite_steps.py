"""Optimisers that take no step from a gradient that is not finite."""

from typing import Any

import keras
from keras import ops

from captcha_ocr.core.errors import CaptchaOcrError


class FiniteSteps:
    """Mixed into an optimiser: clips the gradient's norm, puts zeros in place of one that is not finite, and counts it.

    One infinite loss in a batch makes the whole gradient NaN, and clipping by the norm alone passes that on. Both are
    done in one pass, since every operation is traced anew for every weight, which each fit waits for.
    """

    built: bool  # these two are the optimiser's
    _trainable_variables: list[Any]

    def __init__(self, *args: Any, max_norm: float, **kwargs: Any) -> None:
        """`max_norm` is that of the whole gradient (Pascanu et al. 2013); 0: any."""
        super().__init__(*args, **kwargs)
        self.max_norm = max_norm

    def build(self, variables: list[Any]) -> None:
        """Adds the counter."""
        super().build(variables)  # type: ignore[misc]  # of the optimiser mixed into
        self.refused = self.add_variable((), name="refused", initializer="zeros")  # type: ignore[attr-defined]

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """One step."""
        if not self.built:
            self.build(trainable_variables)
        norm = ops.sqrt(sum(ops.sum(ops.square(grad)) for grad in grads))
        sound = ops.isfinite(norm)
        scale = self.max_norm / ops.maximum(norm, self.max_norm) if self.max_norm else 1.0
        self.refused.assign_add(ops.where(sound, 0.0, 1.0))
        super().apply([ops.where(sound, grad * scale, 0.0) for grad in grads], trainable_variables)  # type: ignore[misc]


class FiniteAdam(FiniteSteps, keras.optimizers.Adam):
    """Adam (Kingma and Ba 2015) with finite steps only."""


class FiniteAdamW(FiniteSteps, keras.optimizers.AdamW):
    """AdamW (Loshchilov and Hutter 2019) with finite steps only."""


def check_steps(optimizer: Any, epoch: int) -> None:
    """Raises CaptchaOcrError where a step was refused: the weights are sound, but the fit is not."""
    # Under float16 Keras wraps the optimiser, and skips such steps itself while it looks for a scale of the loss.
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    refused = int(ops.convert_to_numpy(inner.refused))
    if refused:
        raise CaptchaOcrError(
            f"epoch {epoch}: {refused} gradients were not finite, and were not followed: lower train.learning_rate or "
            "train.clip_norm, or set train.precision to float32"
        )
