"""The networks by the name that `train.architecture` gives them."""

from collections.abc import Callable

import keras

from captcha_ocr.core.params import ArchitectureName, ImageParams
from captcha_ocr.learning.architectures import compact, keras_io

BUILDERS: dict[ArchitectureName, Callable[[ImageParams, int], keras.Model]] = {
    "compact": compact.build,
    "keras_io": keras_io.build,
}


def build_network(name: ArchitectureName, image: ImageParams, classes: int) -> keras.Model:
    """uint8 grey pictures [N, height, width, 1] to logits [N, T, classes], the blank included."""
    return BUILDERS[name](image, classes)
