"""`small`: the smallest of the scaled networks, as fast as `compact`."""

import keras

from captcha_ocr.network.scaled import Scale, build_scaled
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

SCALE = Scale(filters=(16, 32, 48, 64), repeats=(1, 1), features=112, convolutions=2, attention=0)
RECIPE = Recipe(
    width=192,
    height=48,
    fit="pad",
    epochs=150,
    epoch_steps=50,
    min_epochs=13,
    batch_size=16,
    learning_rate=0.003,
    schedule="trapezoid",
    warmup_epochs=1,
    clip_norm=1.0,
    ema=0.95,
    alignment_epochs=2,
    augmentation=1.0,
    augmentation_epochs=2,
    patience=150,
    plateau_epochs=40,
)


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network."""
    return build_scaled(SCALE, input_size, classes)
