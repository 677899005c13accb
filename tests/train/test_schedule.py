import numpy as np
import pytest
from keras import ops

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.network.architectures.keras_io import RECIPE
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.train.schedule import (
    alignment_weight,
    augmentation_share,
    learning_rate,
    reduced_rate,
    steps_per_epoch,
)


def recipe(**changes: object) -> Recipe:
    return RECIPE.model_copy(update={"learning_rate": 0.1, **changes})


def history(*cers: float) -> list[Epoch]:
    return [Epoch(i + 1, i, 1.0, 1.0, cer, 0.0, 0.001, float(i)) for i, cer in enumerate(cers)]


def test_an_epoch_has_the_steps_of_the_recipe_or_shows_each_picture_once() -> None:
    assert [steps_per_epoch(n, recipe(batch_size=4, epoch_steps=7)) for n in (1, 17, 1000)] == [7, 7, 7]
    assert [steps_per_epoch(n, recipe(batch_size=4)) for n in (1, 16, 17)] == [1, 4, 5]


def rates(steps: int, **changes: object) -> list[float]:
    """Before each of `steps` steps of a fit of five epochs, with four steps each."""
    schedule = learning_rate(recipe(epochs=5, schedule="cosine", **changes), steps_per_epoch=4)
    return [float(ops.convert_to_numpy(schedule(step))) for step in range(steps)]


def test_the_rate_rises_evenly_over_the_warm_up_and_falls_to_zero_after_the_last_step() -> None:
    found = rates(21, warmup_epochs=0.6)  # 2.4 steps, which makes three
    fall = [0.05 * (1 + np.cos(np.pi * step / 17)) for step in range(18)]
    assert found == pytest.approx([0.025, 0.05, 0.075, *fall], abs=1e-8)
    assert found[-2] > found[-1] == 0


def test_without_a_warm_up_the_rate_falls_from_the_first_step() -> None:
    assert rates(21) == pytest.approx([0.05 * (1 + np.cos(np.pi * step / 20)) for step in range(21)], abs=1e-8)


def test_a_warm_up_longer_than_the_fit_ends_with_it() -> None:
    assert rates(20, warmup_epochs=9) == pytest.approx([0.1 * (step + 1) / 20 for step in range(20)])


def test_a_constant_rate_is_that_of_the_recipe() -> None:
    assert learning_rate(recipe(schedule="constant"), steps_per_epoch=4) == 0.1


def test_the_rate_is_reduced_after_each_patience_without_progress() -> None:
    reducing = recipe(monitor="val_cer", reduce_patience=2, reduce_factor=0.5)
    found = [reduced_rate(history(*[0.5, 0.6, 0.6, 0.6, 0.6, 0.4, 0.4][:n]), reducing) for n in range(8)]
    assert found == [0.1, 0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.025]
    assert reduced_rate(history(0.5, 0.6, 0.6), recipe(reduce_patience=0, reduce_factor=0.5)) == 0.1


def test_alignment_fades_out() -> None:
    scratch = recipe(alignment_epochs=2, pretrained=False)
    assert [alignment_weight(e, scratch) for e in range(4)] == [1.0, 0.5, 0.0, 0.0]
    assert alignment_weight(0, recipe(alignment_epochs=0)) == 0


def test_a_network_that_reads_already_needs_no_alignment() -> None:
    assert alignment_weight(0, recipe(alignment_epochs=2, pretrained=True)) == 0


def test_augmentation_rises_from_none_to_its_strength() -> None:
    shares = {epochs: recipe(augmentation_epochs=epochs) for epochs in (0, 1, 2)}
    assert {n: [augmentation_share(e, r) for e in range(4)] for n, r in shares.items()} == {
        0: [1.0, 1.0, 1.0, 1.0],
        1: [0.0, 1.0, 1.0, 1.0],
        2: [0.0, 0.5, 1.0, 1.0],
    }
