"""`base`: the middle one of the scaled networks, with attention over time, for varied styles and many symbols."""

import keras

from captcha_ocr.network.architectures.small import RECIPE as SMALL
from captcha_ocr.network.scaled import Scale, build_scaled
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

SCALE = Scale(filters=(24, 48, 72, 96), repeats=(1, 2), features=160, convolutions=1, attention=2)
RECIPE: Recipe = SMALL.model_copy(update={"learning_rate": 0.002})


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network."""
    return build_scaled(SCALE, input_size, classes)
