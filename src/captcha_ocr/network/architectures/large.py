"""`large`: the largest of the scaled networks, for a GPU and some hundred thousand labelled pictures."""

import keras

from captcha_ocr.network.architectures.base import RECIPE as BASE
from captcha_ocr.network.scaled import Scale, build_scaled
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

SCALE = Scale(filters=(32, 64, 96, 128), repeats=(2, 2), features=256, convolutions=1, attention=4)
RECIPE: Recipe = BASE.model_copy(update={"learning_rate": 0.001})


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network."""
    return build_scaled(SCALE, input_size, classes)
