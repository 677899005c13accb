"""The networks that `train.architecture` can name. Each is a module with a RECIPE and a function `build`."""

from importlib import import_module
from typing import Protocol, cast

import keras

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.network.project_recipe import project_recipe
from captcha_ocr.params.recipe import Recipe, TrainParams, TrainSection
from captcha_ocr.pictures.input_size import InputSize

ARCHITECTURES = ("small", "base", "large", "compact", "conv5_bigru", "crnn_v1", "keras_io", "residual_bilstm")
DEFAULT = "compact"  # the network whose recipe is this project's


class Architecture(Protocol):
    """The interface of the modules of this package. RECIPE is the architecture's own, as it was published."""

    RECIPE: Recipe

    def build(self, input_size: InputSize, classes: int) -> keras.Model:
        """The network from pictures, uint8 [N, height, width, channels], to logits [N, T, classes].

        Of two lines of text, the time steps of the upper come first.
        """


def _architecture(name: str) -> Architecture:
    if name not in ARCHITECTURES:
        raise CaptchaOcrError(f"train.architecture = {name!r} is none of {', '.join(ARCHITECTURES)}")
    return cast(Architecture, import_module(f"{__name__}.{name}"))


def complete_train_params(section: TrainSection) -> TrainParams:
    """The recipe that `section.recipe` names, with the values of params.yaml in place of its defaults.

    Raises CaptchaOcrError for an unknown architecture, or if the values contradict each other.
    """
    own = _architecture(section.architecture).RECIPE
    recipe = own if section.recipe == "own" else project_recipe(_architecture(DEFAULT).RECIPE, own)
    return section.merged_with(recipe)


def build_network(name: str, input_size: InputSize, classes: int) -> keras.Model:
    """The network from pictures, uint8 [N, height, width, channels], to logits [N, T, classes].

    `classes` includes the blank. Raises CaptchaOcrError for an unknown architecture, or if the pictures are too small
    for it.
    """
    try:
        return _architecture(name).build(input_size, classes)
    except ValueError as error:
        raise CaptchaOcrError(
            f"{name} cannot be built for pictures of {input_size.width} × {input_size.height} pixels ({error}): raise "
            "train.width or train.height, or leave them to the architecture (null)"
        ) from error


def time_steps(params: TrainParams) -> int:
    """The number of time steps T of the network's output."""
    return int(build_network(params.architecture, params.input_size, classes=2).output_shape[1])
