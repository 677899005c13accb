"""`conv5_bigru`: five convolutions and one bidirectional GRU, a word recogniser from a notebook.

The notebook takes pictures with the width as first axis, puts the blank last, and trains with a gradient tape on sparse
labels. The network here is the same, except that it swaps the axes itself. Batch size, learning rate and epochs were
chosen for this project.
"""

from typing import Any

import keras
from keras import layers

from captcha_ocr.network.folding import fold_columns
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

RECIPE = Recipe(
    width=128,
    height=32,
    epochs=60,
    batch_size=32,
    learning_rate=1e-3,
    patience=20,
)


def _block(x: Any, filters: int, kernel: int, pool: tuple[int, int]) -> Any:
    x = layers.Conv2D(filters, kernel, padding="same")(x)
    x = layers.LeakyReLU(0.3)(layers.BatchNormalization()(x))
    return layers.MaxPooling2D(pool)(x)


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network. Shapes in comments are width × height, or time × features, for 128 × 32 pixels."""
    pixels = keras.Input((input_size.height, input_size.width, input_size.channels), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 255)(pixels)
    x = layers.Permute((2, 1, 3))(x)  # 128 × 32: the width becomes time
    x = _block(x, 32, 5, (2, 2))  # 64 × 16
    x = _block(x, 64, 5, (2, 2))  # 32 × 8
    for filters in (128, 128, 256):
        x = _block(x, filters, 3, (1, 2))  # 32 × 4, 32 × 2, 32 × 1
    x = fold_columns(x, input_size.lines)  # 32 × 256
    x = layers.Bidirectional(layers.GRU(256, return_sequences=True))(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="conv5_bigru")
