"""What a fit is shown, and that a killed one resumes to the same weights whatever is shown."""

from pathlib import Path

import keras
import numpy as np
import pytest

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import KINDS, TrainParams
from captcha_ocr.train.batches import epoch_batches
from captcha_ocr.train.checkpoint import Checkpoint
from captcha_ocr.train.ctc_model import build_ctc_model
from captcha_ocr.train.epoch_loop import fit
from captcha_ocr.train.schedule import steps_per_epoch
from captcha_ocr.train.shown_batches import shown_batches
from tests.modules import ROOT

CODEC = Codec("ab")
INPUTS = np.random.default_rng(0).integers(0, 255, (12, 16, 64, 3)).astype(np.uint8)
SAMPLES = Samples([f"{i}.png" for i in range(12)], ["ab", "ba", "a"] * 4, INPUTS, np.tile([16, 50], (12, 1)))
TINY = {"width": 64, "height": 16, "channels": 3, "fit": "pad", "batch_size": 4, "epochs": 3, "epoch_steps": 2}
EVERY_KIND = dict.fromkeys((f"augmentation_{kind}" for kind in KINDS), 1.0)


def recipe(**changes: object) -> TrainParams:
    shipped = complete_train_params(load_params(ROOT / "params.yaml").train)
    return shipped.model_copy(update=TINY | {"augmentation_epochs": 0, "plateau_epochs": 0} | changes)


def batches(params: TrainParams, epoch: int = 0) -> list[np.ndarray]:
    return list(shown_batches(SAMPLES, epoch_batches(12, params, epoch), params, epoch))


def test_without_kinds_of_its_own_the_pictures_are_shown_as_they_are() -> None:
    for params in (recipe(), recipe(augmentation=0.0, **EVERY_KIND), recipe(augmentation_epochs=2, **EVERY_KIND)):
        for rows, shown in zip(epoch_batches(12, params, 0), batches(params), strict=True):
            np.testing.assert_array_equal(shown, INPUTS[rows])


def test_batches_come_in_order_and_differ_between_epochs_but_not_between_runs() -> None:
    params = recipe(augmentation_contrast=0.01, epoch_steps=6)  # so weak that pictures can be told
    shown = batches(params)
    for rows, pictures in zip(epoch_batches(12, params, 0), shown, strict=True):
        assert np.abs(pictures - INPUTS[rows].astype(int)).max() <= 3
    strong = recipe(**EVERY_KIND, epoch_steps=6)
    np.testing.assert_array_equal(batches(strong, 1), batches(strong, 1))
    assert not np.array_equal(batches(strong, 0), batches(strong, 1))


def test_what_fails_ahead_of_the_step_is_raised_in_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr("captcha_ocr.train.shown_batches.augment", broken)
    with pytest.raises(MemoryError, match="no room"):
        batches(recipe(**EVERY_KIND))


def weights_after(params: TrainParams, checkpoint: Checkpoint | None, epochs: int) -> list[np.ndarray]:
    """Of a tiny network fitted for so many epochs, or the rest of them where the checkpoint has some already."""
    keras.utils.set_random_seed(params.seed)
    pixels = keras.Input((16, 64, 3), dtype="uint8")
    x = keras.layers.Conv2D(4, 8, strides=8, activation="relu")(keras.layers.Rescaling(1 / 255)(pixels))
    x = keras.layers.Dropout(0.2)(keras.layers.MaxPooling2D((2, 1))(x))
    network = keras.Model(pixels, keras.layers.Dense(CODEC.classes)(x[:, 0]))
    model = build_ctc_model(network, params, steps_per_epoch(12, params), keras.backend.backend() == "jax")

    def observe(epoch: Epoch) -> bool:
        return epoch.epoch == epochs

    fit(model, SAMPLES, SAMPLES, CODEC, params, observe, checkpoint)
    return [keras.ops.convert_to_numpy(variable) for variable in model.state]


def test_a_fit_with_every_kind_of_augmentation_resumes_to_the_weights_of_an_undisturbed_one(tmp_path: Path) -> None:
    params, checkpoint = recipe(**EVERY_KIND), Checkpoint(tmp_path / "fit")
    undisturbed = weights_after(params, None, 3)
    weights_after(params, checkpoint, 1)
    resumed = weights_after(params, checkpoint, 3)
    assert len(checkpoint.epochs()) == 3
    changed = [not np.array_equal(a, b) for a, b in zip(undisturbed, resumed, strict=True)]
    assert not any(changed)
