from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np
import pytest
import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.network.architectures import ARCHITECTURES, DEFAULT, build_network, complete_train_params, time_steps
from captcha_ocr.network.project_recipe import FROM_RANDOM_WEIGHTS
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import TrainParams, TrainSection
from captcha_ocr.pictures.input_size import InputSize
from tests.modules import ROOT


def section(**changes: object) -> TrainSection:
    values = yaml.safe_load((ROOT / "params.yaml").read_text())["train"]
    return TrainSection.model_validate(values | changes)


def recipe_of(name: str) -> TrainParams:
    return complete_train_params(section(architecture=name))


SIZES = [
    ("small", 20, 190_500, 48),
    ("base", 20, 821_228, 48),
    ("large", 20, 3_024_820, 48),
    ("compact", 20, 216_932, 30),
    ("keras_io", 21, 432_725, 50),
    ("residual_bilstm", 63, 252_799, 256),
    ("crnn_v1", 20, 163_172, 45),
    ("conv5_bigru", 20, 1_370_900, 32),
]
STEPS = {name: steps for name, _, _, steps in SIZES}


@pytest.mark.parametrize(("name", "classes", "parameters", "steps"), SIZES)
def test_a_network_has_the_size_it_is_known_by(name: str, classes: int, parameters: int, steps: int) -> None:
    network = build_network(name, recipe_of(name).input_size, classes)
    assert network.count_params() == parameters
    assert network.output_shape == (None, steps, classes)
    assert time_steps(recipe_of(name)) == steps


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_network_takes_uint8_of_odd_size_gives_logits_and_holds_no_code(name: str) -> None:
    input_size = InputSize(135, 33, channels=3)
    network = build_network(name, input_size, classes=5)
    pictures = np.zeros((2, input_size.height, input_size.width, input_size.channels), np.uint8)
    logits = np.asarray(network.predict_on_batch(pictures))
    assert logits.dtype == np.float32
    assert not np.allclose(logits.sum(axis=-1), 1)
    assert not any(isinstance(layer, keras.layers.Lambda) for layer in network.layers)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_two_lines_take_twice_the_height_and_give_twice_the_time_steps(name: str) -> None:
    one, two = recipe_of(name), complete_train_params(section(architecture=name, lines=2))
    assert (two.height, two.width) == (2 * one.height, one.width)
    assert time_steps(two) == 2 * STEPS[name]


def test_the_upper_line_decides_the_first_half_of_the_steps_and_the_lower_the_second() -> None:
    params = complete_train_params(section(lines=2))
    network = build_network("compact", params.input_size, classes=5)
    pictures = np.full((3, params.height, params.width, 1), 255, np.uint8)
    pictures[1, :30] = pictures[2, -30:] = np.random.default_rng(0).integers(0, 255, (30, params.width, 1))
    plain, upper, lower = np.asarray(network.predict_on_batch(pictures))
    middle = len(plain) // 2
    changed = [np.abs(other - plain).max(axis=1) > 1e-3 for other in (upper, lower)]
    assert changed[0][: middle - 4].all()
    assert not changed[0][middle + 4 :].any()
    assert not changed[1][: middle - 4].any()
    assert changed[1][middle + 4 :].all()


def test_a_height_that_is_given_is_that_of_both_lines() -> None:
    assert complete_train_params(section(lines=2, height=64)).height == 64


def test_pictures_too_low_for_two_lines_are_said() -> None:
    with pytest.raises(CaptchaOcrError, match=r"conv5_bigru cannot be built .* 128 × 32 .* two lines .* raise train"):
        build_network("conv5_bigru", InputSize(128, 32, lines=2), classes=5)


def test_every_module_of_the_package_is_in_the_list() -> None:
    folder = ROOT / "src" / "captcha_ocr" / "network" / "architectures"
    assert sorted(file.stem for file in folder.glob("*.py") if file.stem != "__init__") == sorted(ARCHITECTURES)


def test_the_description_of_the_parameter_names_every_architecture() -> None:
    said = TrainSection.model_fields["architecture"].description
    assert said == f"network to train: {', '.join(ARCHITECTURES[:-1])} or {ARCHITECTURES[-1]}"


def test_an_unknown_architecture_is_answered_with_the_known_ones() -> None:
    with pytest.raises(CaptchaOcrError, match=r"train\.architecture = 'resnet' is none of small, base, large"):
        complete_train_params(section(architecture="resnet"))


def test_pictures_too_small_for_the_network_are_said() -> None:
    with pytest.raises(
        CaptchaOcrError, match=r"crnn_v1 cannot be built for pictures of 200 × 16 pixels .* raise train"
    ):
        build_network("crnn_v1", InputSize(200, 16), classes=5)


def test_params_yaml_overrides_the_recipe_key_by_key() -> None:
    recipe = complete_train_params(section(architecture="keras_io", epochs=7))
    assert (recipe.epochs, recipe.batch_size, recipe.monitor) == (7, 16, "val_loss")


def test_the_shipped_parameters_leave_everything_to_the_recipe() -> None:
    shipped = load_params(Path(ROOT / "params.yaml")).train
    own = {"architecture", "recipe", "precision", "seed"}
    assert {k for k, v in shipped.model_dump().items() if v is not None} == own
    assert shipped.recipe == "own"


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_project_s_recipe_is_the_default_network_s_from_random_weights_at_the_size_of_the_architecture(
    name: str,
) -> None:
    default, own = recipe_of(DEFAULT), recipe_of(name)
    params = complete_train_params(section(architecture=name, recipe="project"))
    assert params.input_size == own.input_size
    expected = default.model_copy(
        update=asdict(own.input_size) | FROM_RANDOM_WEIGHTS | {"architecture": name, "recipe": "project"}
    )
    assert params == expected
    assert not params.pretrained


def test_params_yaml_overrides_the_project_s_recipe_as_well() -> None:
    params = complete_train_params(section(architecture="keras_io", recipe="project", epochs=7, width=160))
    assert (params.epochs, params.width, params.height, params.monitor) == (7, 160, 50, "val_cer")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"weight_decay": 0.1}, "weight_decay 0.1 needs the optimizer adamw"),
        ({"schedule": "cosine", "reduce_patience": 3}, "reduce_patience 3 needs the schedule constant"),
    ],
)
def test_what_does_not_go_with_the_recipe_is_said(changes: dict[str, object], said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=rf"does not go with the recipe of keras_io \(train.recipe own\): {said}"):
        complete_train_params(section(architecture="keras_io", **changes))
