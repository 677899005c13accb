"""What an infinite loss does to the weights: with Keras's own optimiser, and with ours."""

import keras
import numpy as np
import pytest

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize
from captcha_ocr.core.params import load_params
from captcha_ocr.learning.architectures import build_network, complete_recipe
from captcha_ocr.learning.finite_steps import FiniteAdam, check_steps
from captcha_ocr.learning.trainer import CtcTrainer, build_trainer
from tests.modules import ROOT

CODEC = Codec("ab")
IMAGE = InputSize(64, 16)  # 8 time steps
PICTURES = np.random.default_rng(0).integers(0, 255, (4, 16, 64, 1)).astype(np.uint8)
FITTING = CODEC.encode_batch(["abab", "ba", "aa", "b"])
SHIPPED = complete_recipe(load_params(ROOT / "params.yaml").train)
RECIPE = SHIPPED.model_copy(update={"schedule": "constant", "alignment_epochs": 0})


class InfiniteLoss(CtcTrainer):
    """Adds log 0 to the loss of a batch that holds the label of four symbols."""

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        spoilt = keras.ops.all(keras.ops.any(keras.ops.not_equal(y[:, 3:], 0)))
        return loss - keras.ops.mean(y_pred) * keras.ops.log(keras.ops.where(spoilt, 0.0, 1.0))


def trainer(**changes: object) -> CtcTrainer:
    keras.utils.set_random_seed(0)
    network = build_network("compact", IMAGE, CODEC.classes)
    ours = build_trainer(network, RECIPE.model_copy(update=changes), 1, jit_compile=False)
    spoilt = InfiniteLoss(network, ours.augmentation)
    spoilt.compile(optimizer=ours.optimizer, jit_compile=False)
    return spoilt


def state(trainer: CtcTrainer) -> list[np.ndarray]:
    return [np.array(v) for v in (*trainer.trainable_variables, *trainer.optimizer.variables) if v.name != "refused"]


def is_finite(arrays: list[np.ndarray]) -> bool:
    return all(np.isfinite(array).all() for array in arrays)


def test_an_infinite_loss_ruins_the_weights_of_the_plain_optimiser() -> None:
    """The reason for all this: clipping by the norm does not help."""
    plain = trainer()
    plain.compile(optimizer=keras.optimizers.AdamW(0.001, global_clipnorm=1.0), jit_compile=False)
    plain.train_on_batch(PICTURES, FITTING)
    assert not is_finite([np.array(v) for v in plain.trainable_variables])


@pytest.mark.parametrize("clip_norm", [1.0, 0.0])
def test_an_infinite_loss_leaves_weights_and_moments_finite(clip_norm: float) -> None:
    ours = trainer(clip_norm=clip_norm)
    ours.train_on_batch(PICTURES[1:], FITTING[1:])
    assert not np.isfinite(ours.train_on_batch(PICTURES, FITTING))
    assert is_finite(state(ours))


def test_an_infinite_loss_at_the_start_moves_no_weight() -> None:
    """Without moments and decay a gradient of zeros is no step at all."""
    ours = trainer(ema=0.0)
    before = [np.array(v) for v in ours.trainable_variables]
    ours.train_on_batch(PICTURES, FITTING)
    np.testing.assert_equal([np.array(v) for v in ours.trainable_variables], before)


def test_the_norm_of_a_sound_gradient_is_clipped() -> None:
    optimizer = FiniteAdam(0.1, max_norm=1.0)
    weight = keras.Variable(np.zeros(2, np.float32))
    optimizer.build([weight])
    optimizer.apply([keras.ops.array([3.0, 4.0])])
    momentum = next(v for v in optimizer.variables if "momentum" in v.path)
    np.testing.assert_allclose(np.array(momentum), [0.06, 0.08], rtol=1e-5)  # a tenth of [0.6, 0.8]


def test_refused_steps_end_the_fit_with_epoch_and_remedy() -> None:
    ours = trainer()
    ours.train_on_batch(PICTURES[1:], FITTING[1:])
    check_steps(ours.optimizer, 1)
    ours.train_on_batch(PICTURES, FITTING)
    with pytest.raises(CaptchaOcrError, match=r"epoch 2: 1 gradients .* lower train\.learning_rate"):
        check_steps(ours.optimizer, 2)
