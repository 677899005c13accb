"""Network, augmentation and loss put together for fitting; only the network is saved afterwards."""

import math
from typing import Any

import keras

from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.augmentation import RandomAffine
from captcha_ocr.train.loss import ctc_loss, uniform_alignment_loss
from captcha_ocr.train.optimizer import FlatAdam


class CtcTrainer(keras.Model):
    """Fits `network` on pictures [N, H, W, C] and padded labels [N, L].

    The loss is CTC plus, where `aligned`, `alignment_weight` times the uniform alignment loss. The weight is a variable
    of the model, not a constant of the compiled step, so that it may change between epochs on every backend.
    """

    def __init__(self, network: keras.Model, augmentation: RandomAffine, aligned: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.network = network
        self.augmentation = augmentation
        self.aligned = aligned
        self.alignment_weight = self.add_weight(name="alignment_weight", initializer="zeros", trainable=False)

    def build(self, input_shape: Any) -> None:
        """Nothing: the network comes built."""

    def call(self, pictures: Any, training: bool = False) -> Any:
        """Logits [N, T, K]."""
        return self.network(self.augmentation(pictures, training=training), training=training)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        """The mean over the batch."""
        losses = ctc_loss(y, y_pred)
        if self.aligned:
            losses += self.alignment_weight * uniform_alignment_loss(y, y_pred)
        return keras.ops.mean(losses)


def alignment_weight(epoch: int, params: TrainParams) -> float:
    """1 in the first epoch (counted from 0), falling to 0 after `alignment_epochs`; 0 where the start reads already."""
    if params.pretrained or not params.alignment_epochs:
        return 0.0
    return max(0.0, 1 - epoch / params.alignment_epochs)


def augmentation_share(epoch: int, params: TrainParams) -> float:
    """0 in the first epoch (counted from 0), rising to 1 after `augmentation_epochs`."""
    return min(1.0, epoch / params.augmentation_epochs) if params.augmentation_epochs else 1.0


class WarmCosine(keras.optimizers.schedules.LearningRateSchedule):
    """A linear rise over `warmup` steps beneath a cosine that falls to zero at `total`.

    Keras's own schedule branches, and a branch is traced as a function of its own.
    """

    def __init__(self, rate: float, warmup: int, total: int) -> None:
        self.rate, self.warmup, self.total = rate, warmup, total

    def __call__(self, step: Any) -> Any:
        step = keras.ops.cast(step, "float32")
        fall = 0.5 + 0.5 * keras.ops.cos(step * (math.pi / self.total))
        return self.rate * keras.ops.minimum((step + 1) / max(self.warmup, 1), fall)

    def get_config(self) -> dict[str, Any]:
        return {"rate": self.rate, "warmup": self.warmup, "total": self.total}


def learning_rate_schedule(params: TrainParams, steps_per_epoch: int) -> Any:
    """A linear warm-up and a cosine to zero, or the constant rate."""
    total = params.epochs * steps_per_epoch
    if params.schedule == "constant":
        return params.learning_rate
    return WarmCosine(params.learning_rate, math.ceil(params.warmup_epochs * steps_per_epoch), total)


def build_trainer(network: keras.Model, params: TrainParams, steps_per_epoch: int, jit_compile: bool) -> CtcTrainer:
    """The trainer with its optimiser, built and ready to fit."""
    aligned = alignment_weight(0, params) > 0
    trainer = CtcTrainer(network, RandomAffine(params.augmentation, params.seed), aligned)
    rate = learning_rate_schedule(params, steps_per_epoch)
    optimizer = FlatAdam(rate, params.weight_decay, params.clip_norm, params.ema)
    trainer.compile(optimizer=optimizer, jit_compile=jit_compile)
    trainer.build((None, *network.input_shape[1:]))
    trainer.optimizer.build(trainer.trainable_variables)
    return trainer
