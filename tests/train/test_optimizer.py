"""What an infinite loss does to the weights: with Keras's own optimiser, and with ours."""

import keras
import numpy as np
import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import build_network, complete_recipe
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.train.ctc_model import CtcTrainer, build_trainer
from captcha_ocr.train.optimizer import FlatAdam, check_steps
from captcha_ocr.train.train import train
from tests.modules import ROOT

CODEC = Codec("ab")
SMALL = {"width": 64, "height": 16}
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
    spoilt = InfiniteLoss(network, ours.augmentation, aligned=False)
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


def few_weights() -> list[keras.Variable]:
    rng = np.random.default_rng(0)
    return [keras.Variable(rng.normal(size=shape).astype(np.float32)) for shape in ((3, 2), (4,), (1, 2, 2))]


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_ten_steps_are_those_of_keras_s_own_optimiser(decay: float) -> None:
    """With clipping and averages, which both put in place of the weights in the end."""
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 20)
    ours, theirs = few_weights(), few_weights()
    flat = FlatAdam(schedule, weight_decay=decay, max_norm=1.5, average=0.8)
    kind = keras.optimizers.AdamW if decay else keras.optimizers.Adam
    plain = kind(schedule, weight_decay=decay or None, global_clipnorm=1.5, use_ema=True, ema_momentum=0.8)
    for optimizer, weights in ((flat, ours), (plain, theirs)):
        rng = np.random.default_rng(1)
        optimizer.build(weights)
        for _ in range(10):
            optimizer.apply([keras.ops.array(rng.normal(size=w.shape).astype(np.float32)) for w in weights])
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-5, atol=1e-6)
    flat.finalize_variable_values(ours)
    plain.finalize_variable_values(theirs)
    for a, b in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(np.array(a), np.array(b), rtol=1e-5, atol=1e-6)


def test_a_fit_in_half_precision_takes_its_steps() -> None:
    """There Keras wraps the optimiser to scale the loss."""
    data = Samples([f"{i}.png" for i in range(4)], ["abab", "ba", "aa", "b"], PICTURES)
    recipe = SHIPPED.model_copy(update={**SMALL, "precision": "mixed_float16", "epochs": 3, "min_steps": 0})
    history = train(data, data, CODEC, recipe, lambda epoch: None).history
    assert history[-1].val_loss < history[0].val_loss


def test_refused_steps_end_the_fit_with_epoch_and_remedy() -> None:
    ours = trainer()
    ours.train_on_batch(PICTURES[1:], FITTING[1:])
    check_steps(ours.optimizer, 1)
    ours.train_on_batch(PICTURES, FITTING)
    with pytest.raises(CaptchaOcrError, match=r"epoch 2: 1 gradients .* lower train\.learning_rate"):
        check_steps(ours.optimizer, 2)
