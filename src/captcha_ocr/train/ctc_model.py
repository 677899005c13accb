"""The network with augmentation and loss, as a Keras model to fit; only the network is saved afterwards."""

from typing import Any

import keras

from captcha_ocr.network.augmentation import RandomAffine, augmentation_layer
from captcha_ocr.network.padding import own_steps
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.pictures.input_size import Lines
from captcha_ocr.train.loss import ctc_loss, uniform_alignment_loss
from captcha_ocr.train.optimizer import build_optimizer
from captcha_ocr.train.schedule import alignment_weight


class CtcModel(keras.Model):
    """To fit on pictures [N, H, W, C] and padded labels [N, L].

    The loss is CTC plus, where `aligned`, `alignment_weight` times the uniform alignment loss. The weight is a variable
    of the model, not a constant of the compiled step, so that it may change between epochs on every backend. `lines` of
    text follow each other in the time steps.
    """

    def __init__(
        self, network: keras.Model, augmentation: RandomAffine, aligned: bool, lines: Lines = 1, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.network = network
        self.augmentation = augmentation
        self.aligned = aligned
        self.lines = lines
        self.alignment_weight = self.add_weight(name="alignment_weight", initializer="zeros", trainable=False)

    @property
    def state(self) -> list[keras.Variable]:
        """All that a fit changes: weights, the optimiser's variables and random seeds."""
        return [*self.variables, *self.optimizer.variables]

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
            shown = own_steps(x, y_pred.shape[1], self.lines) if self.augmentation.padded else None
            losses += self.alignment_weight * uniform_alignment_loss(y, y_pred, shown)
        return keras.ops.mean(losses)


def build_ctc_model(network: keras.Model, params: TrainParams, steps_per_epoch: int, jit_compile: bool) -> CtcModel:
    """The model with its optimiser, built and ready to fit."""
    aligned = alignment_weight(0, params) > 0
    model = CtcModel(network, augmentation_layer(params), aligned, params.lines)
    model.compile(optimizer=build_optimizer(params, steps_per_epoch), jit_compile=jit_compile)
    model.build((None, *network.input_shape[1:]))
    model.optimizer.build(model.trainable_variables)
    return model
