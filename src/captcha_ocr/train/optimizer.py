"""Adam over all weights at once."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from captcha_ocr.base.errors import CaptchaOcrError

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7  # as Keras has them


class FlatAdam(keras.optimizers.Optimizer):
    """Adam (Kingma and Ba 2015), with decoupled weight decay AdamW (Loshchilov and Hutter 2019).

    Weights, moments and averages are vectors of all weights, so that the step is traced once and not for every weight,
    which is a third of what the fit of a small network waits for. The gradient's norm is clipped to `max_norm` (Pascanu
    et al. 2013; 0: never). A gradient that is not finite is replaced by zeros and counted: one infinite loss in a batch
    makes all of it NaN. With `average`, the exponential average of the weights replaces them whenever `fit` returns.
    """

    def __init__(self, learning_rate: Any, weight_decay: float, max_norm: float, average: float) -> None:
        super().__init__(learning_rate=learning_rate)
        self.decay, self.max_norm, self.average = weight_decay, max_norm, average

    def build(self, variables: Sequence[keras.Variable]) -> None:
        """Adds the vectors and the counter."""
        super().build(variables)
        self.shapes = [tuple(variable.shape) for variable in variables]
        self.ends = [sum(map(math.prod, self.shapes[: i + 1])) for i in range(len(self.shapes))]
        vectors = [self.add_variable((self.ends[-1],), name=name) for name in ("momentum", "velocity", "averages")]
        self.momentum, self.velocity, self.averages = vectors
        self.refused = self.add_variable((), name="refused")

    def _spread(self, vector: Any, variables: Sequence[keras.Variable]) -> None:
        for variable, part, shape in zip(variables, ops.split(vector, self.ends[:-1]), self.shapes, strict=True):
            variable.assign(ops.reshape(part, shape))

    def _sound(self, gradient: Any) -> Any:
        norm = ops.sqrt(ops.sum(ops.square(gradient)))
        finite = ops.isfinite(norm)
        self.refused.assign_add(ops.where(finite, 0.0, 1.0))
        scale = self.max_norm / ops.maximum(norm, self.max_norm) if self.max_norm else 1.0
        return ops.where(finite, gradient * scale, 0.0)

    def apply(self, grads: Sequence[Any], trainable_variables: Sequence[keras.Variable] | None = None) -> None:
        """One step."""
        variables = self._trainable_variables if trainable_variables is None else list(trainable_variables)
        if not self.built:
            self.build(variables)
        gradient = self._sound(_flat(grads))
        weights = _flat(variables)
        rate, step = ops.cast(self.learning_rate, "float32"), ops.cast(self.iterations + 1, "float32")
        momentum = BETA_1 * self.momentum + (1 - BETA_1) * gradient
        velocity = BETA_2 * self.velocity + (1 - BETA_2) * ops.square(gradient)
        unbiased = ops.sqrt(1 - ops.power(BETA_2, step)) / (1 - ops.power(BETA_1, step))
        weights = weights * (1 - rate * self.decay) - rate * unbiased * momentum / (ops.sqrt(velocity) + EPSILON)
        self.momentum.assign(momentum)
        self.velocity.assign(velocity)
        if self.average:
            kept = ops.where(step > 1, self.average, 0.0)  # the first average is the first weights
            self.averages.assign(kept * self.averages + (1 - kept) * weights)
        self._spread(weights, variables)
        self.iterations.assign_add(1)

    def finalize_variable_values(self, var_list: Sequence[keras.Variable]) -> None:
        """Keras calls this whenever `fit` returns."""
        if self.average:
            self._spread(self.averages, var_list)


def _flat(tensors: Sequence[Any]) -> Any:
    return ops.concatenate([ops.reshape(tensor, (-1,)) for tensor in tensors])


def check_steps(optimizer: Any, epoch: int) -> None:
    """Raises CaptchaOcrError where a gradient was refused: the weights are sound, but the fit is not."""
    # Under float16 Keras wraps the optimiser, and skips such steps itself while it looks for a scale of the loss.
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    refused = int(ops.convert_to_numpy(inner.refused))
    if refused:
        raise CaptchaOcrError(
            f"epoch {epoch}: {refused} gradients were not finite, and were not followed: lower train.learning_rate or "
            "train.clip_norm, or set train.precision to float32"
        )
