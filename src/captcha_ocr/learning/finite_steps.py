"""Optimisers that no NaN and no infinity gets past."""

from typing import Any

import keras
from keras import ops

from captcha_ocr.core.errors import CaptchaOcrError


class FiniteSteps:
    """Mixed into an optimiser: a step that would leave anything not finite behind is taken back, and counted.

    One infinite loss in a batch makes the whole gradient NaN, and clipping by the norm passes that on; a rate far too
    high overflows the weights under a sound gradient. So not the gradient is looked at but what came of it: weights,
    moments and averages are all new, or all as they were.
    """

    built: bool  # these three are the optimiser's
    variables: list[Any]
    _trainable_variables: list[Any]

    def build(self, variables: list[Any]) -> None:
        """Adds the counter."""
        super().build(variables)  # type: ignore[misc]  # of the optimiser mixed into
        self.refused = self.add_variable((), name="refused", initializer="zeros")  # type: ignore[attr-defined]

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        """One step, or none."""
        if not self.built:
            self.build(trainable_variables)
        watched = [*self._trainable_variables, *self.variables]
        before = [ops.copy(variable) for variable in watched]
        super().apply(grads, trainable_variables)  # type: ignore[misc]
        # A sum is finite only where all of its terms are.
        after = [ops.convert_to_tensor(variable) for variable in watched]
        sums = ops.stack([ops.sum(ops.cast(value, "float32")) for value in after])
        sound = ops.all(ops.isfinite(sums))
        for variable, new, old in zip(watched, after, before, strict=True):
            variable.assign(ops.where(sound, new, old))
        self.refused.assign_add(ops.where(sound, 0.0, 1.0))


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
            f"epoch {epoch}: {refused} steps gave weights that are not finite, and were not taken: lower "
            "train.learning_rate or train.clip_norm, or set train.precision to float32"
        )
