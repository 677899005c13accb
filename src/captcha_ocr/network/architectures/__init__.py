"""The networks by the name that `train.architecture` gives them: one module each, with a RECIPE and a `build`."""

from importlib import import_module
from typing import Protocol, cast

import keras

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.recipe import Recipe, TrainParams, TrainSection
from captcha_ocr.pictures.input_size import InputSize

ARCHITECTURES = ("compact", "conv5_bigru", "crnn_v1", "keras_io", "residual_bilstm")


class Architecture(Protocol):
    """What a module of this package offers."""

    RECIPE: Recipe

    def build(self, input_size: InputSize, classes: int) -> keras.Model:
        """uint8 pictures [N, height, width, channels] to logits [N, T, classes], the blank included."""


def _architecture(name: str) -> Architecture:
    if name not in ARCHITECTURES:
        raise CaptchaOcrError(f"train.architecture = {name!r} is none of {', '.join(ARCHITECTURES)}")
    return cast(Architecture, import_module(f"{__name__}.{name}"))


def complete_recipe(section: TrainSection) -> TrainParams:
    """The recipe of the named architecture with what params.yaml says instead.

    Raises CaptchaOcrError where there is no such architecture, or the two do not go together.
    """
    return section.merged_with(_architecture(section.architecture).RECIPE)


def build_network(name: str, input_size: InputSize, classes: int) -> keras.Model:
    """uint8 pictures [N, height, width, channels] to logits [N, T, classes], the blank included.

    Raises CaptchaOcrError where the pictures are too small for the network.
    """
    try:
        return _architecture(name).build(input_size, classes)
    except ValueError as error:
        raise CaptchaOcrError(
            f"{name} cannot be built for pictures of {input_size.width} × {input_size.height} pixels ({error}): raise "
            "train.width or train.height, or leave them to the architecture (null)"
        ) from error


def time_steps(params: TrainParams) -> int:
    """The steps that the network yields, in each of which it may emit one symbol."""
    return int(build_network(params.architecture, params.input_size, classes=2).output_shape[1])
