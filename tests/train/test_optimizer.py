"""Keras's optimiser as a recipe asks for it, and how a fit ends whose gradient is not finite."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.augmentation import RandomAffine
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.batches import epoch_batches
from captcha_ocr.train.checkpoint import Checkpoint
from captcha_ocr.train.ctc_model import CtcModel
from captcha_ocr.train.epoch_loop import fit
from captcha_ocr.train.optimizer import build_optimizer, check_finite
from captcha_ocr.train.train import train
from tests.modules import ROOT

CODEC = Codec("ab")
PICTURES = np.random.default_rng(0).integers(0, 255, (8, 16, 64, 1)).astype(np.uint8)
SHIPPED = complete_train_params(load_params(ROOT / "params.yaml").train).model_copy(update={"width": 64, "height": 16})


def recipe(**changes: object) -> TrainParams:
    return SHIPPED.model_copy(update={"schedule": "constant", "learning_rate": 0.01, **changes})


def weights_after_a_step(gradient: float, **changes: object) -> float:
    weight = keras.Variable(1.0)
    build_optimizer(recipe(clip_norm=0.0, ema=0.0, **changes), 1).apply([ops.convert_to_tensor(gradient)], [weight])
    return float(ops.convert_to_numpy(weight))


def test_adamw_decays_by_what_the_recipe_says_and_not_by_keras_s_default() -> None:
    assert weights_after_a_step(0.0, optimizer="adam") == 1
    assert weights_after_a_step(0.0, optimizer="adamw", weight_decay=0.0) == 1
    assert weights_after_a_step(0.0, optimizer="adamw", weight_decay=0.5) == pytest.approx(1 - 0.01 * 0.5)


def test_the_whole_gradient_is_clipped_and_zero_clips_nothing() -> None:
    """Adam's first moment is a tenth of the first gradient."""
    moments = {}
    for clip_norm in (0.0, 1.0):
        weights = [keras.Variable(1.0), keras.Variable(1.0)]
        optimizer = build_optimizer(recipe(clip_norm=clip_norm, ema=0.0), 1)
        optimizer.apply([ops.convert_to_tensor(3.0), ops.convert_to_tensor(4.0)], weights)
        moments[clip_norm] = [float(ops.convert_to_numpy(v)) for v in optimizer.variables if "momentum" in v.path]
    assert moments[0.0] == pytest.approx([0.3, 0.4])
    assert moments[1.0] == pytest.approx([0.06, 0.08])


def test_the_average_starts_with_the_first_weights_and_takes_their_place_when_asked() -> None:
    weight, seen = keras.Variable(1.0), []
    optimizer = build_optimizer(recipe(ema=0.9), 1)
    for gradient in (1.0, 1.0, -1.0):
        optimizer.apply([ops.convert_to_tensor(gradient)], [weight])
        seen.append(float(ops.convert_to_numpy(weight)))
    optimizer.finalize_variable_values([weight])
    expected = 0.9 * (0.9 * seen[0] + 0.1 * seen[1]) + 0.1 * seen[2]
    assert float(ops.convert_to_numpy(weight)) == pytest.approx(expected)


def test_a_fit_in_half_precision_takes_its_steps() -> None:
    """There Keras wraps the optimiser to scale the loss."""
    data = Samples([f"{i}.png" for i in range(8)], ["abab", "ba", "aa", "b"] * 2, PICTURES)
    params = SHIPPED.model_copy(update={"precision": "mixed_float16", "epochs": 3, "epoch_steps": 8})
    history = train(data, data, CODEC, params, lambda epoch: None).history
    assert history[-1].val_loss < history[0].val_loss


# What is added to the loss, from `value`, a number that the gradient is then spoilt by, `zero`, which is 0 with the
# gradient of `value`, and `sound`, which is 0 in the batch to spoil and 1 in others.
TERMS = {
    "infinite loss": lambda value, zero, sound: -value * ops.log(sound),
    "infinite gradient": lambda value, zero, sound: ops.sqrt(sound + zero),
    "gradient with an infinite square": lambda value, zero, sound: zero * (1 - sound) * 1e30,
}


class Spoilt(CtcModel):
    """Spoils the gradient of a batch that holds the label of four symbols."""

    def __init__(self, network: keras.Model, term: str, by: str) -> None:
        super().__init__(network, RandomAffine(0.0, seed=0), aligned=False)
        self.term, self.by = TERMS[term], by

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        sound = ops.where(ops.any(ops.not_equal(y[:, 3:], 0)), 0.0, 1.0)
        value = ops.mean(y_pred if self.by == "logits" else self.network.get_layer(self.by).kernel)
        zero = value - ops.stop_gradient(value)
        return super().compute_loss(x, y, y_pred, sample_weight, training) + self.term(value, zero, sound)


def small_network() -> keras.Model:
    """8 time steps. Max pooling and ReLU hide, at least on TensorFlow, that a number before them is NaN."""
    keras.utils.set_random_seed(0)
    pixels = keras.Input((16, 64, 1))
    x = keras.layers.Conv2D(4, 8, strides=8, name="first")(pixels / 255)
    x = keras.layers.ReLU()(keras.layers.MaxPooling2D((2, 1))(x))
    return keras.Model(pixels, keras.layers.Dense(CODEC.classes)(x[:, 0]))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # which is what is staged
@pytest.mark.parametrize(
    ("term", "by", "clip_norm", "ema"),
    [
        ("infinite loss", "first", 1.0, 0.95),
        ("infinite loss", "logits", 0.0, 0.0),
        ("infinite gradient", "logits", 1.0, 0.95),
        ("gradient with an infinite square", "first", 0.0, 0.0),
    ],
)
def test_a_gradient_that_is_not_finite_ends_the_fit_though_it_be_the_last(
    term: str, by: str, clip_norm: float, ema: float, tmp_path: Path
) -> None:
    """Two epochs of one batch each: what the second has spoilt is never saved."""
    params = recipe(clip_norm=clip_norm, ema=ema, epochs=2, epoch_steps=1, batch_size=4, plateau_epochs=0)
    labels = np.full(8, "ab", dtype=object)
    labels[epoch_batches(8, params, epoch=1)[-1, 0]] = "abab"
    data = Samples([f"{i}.png" for i in range(8)], labels.tolist(), PICTURES)
    model = Spoilt(small_network(), term, by)
    model.compile(optimizer=build_optimizer(params, 1), jit_compile=keras.backend.backend() == "jax")
    model.build((None, 16, 64, 1))
    model.optimizer.build(model.trainable_variables)
    checkpoint = Checkpoint(tmp_path / "fit")
    with pytest.raises(CaptchaOcrError, match=r"epoch 2: .*lower train\.learning_rate"):
        fit(model, data, data, CODEC, params, lambda epoch: None, checkpoint)
    saved = checkpoint.load()
    assert saved is not None
    assert len(saved.history) == 1
    assert all(np.isfinite(array).all() for array in (*saved.variables, *saved.best))


def test_what_is_not_finite_is_named() -> None:
    variables = [keras.Variable([1.0, value], name=name) for name, value in [("kernel", np.inf), ("bias", 0.0)]]
    with pytest.raises(CaptchaOcrError, match=r"epoch 3: a gradient was not finite, and has spoilt kernel: lower"):
        check_finite(variables, 3, recipe())
    check_finite(variables[1:], 3, recipe())
