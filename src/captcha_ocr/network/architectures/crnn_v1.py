"""`crnn_v1`: a convolutional recurrent network with two stacked LSTMs that read from left to right.

Convolutions without padding reduce a height of 32 pixels to exactly one row. Its original description names Adam with a
learning rate of 1e-4. Batch size and epochs were chosen for this project. Unlike the original, this network takes other
heights than 32 as well: the rows that remain are folded.
"""

from typing import Any

import keras
from keras import layers

from captcha_ocr.network.folding import fold_height
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

RECIPE = Recipe(
    width=200,
    height=32,
    epochs=300,
    batch_size=16,
    learning_rate=1e-4,
    monitor="val_loss",
    patience=30,
)


def _conv(x: Any, filters: int, kernel: tuple[int, int]) -> Any:
    x = layers.Conv2D(filters, kernel, padding="valid")(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network; raises ValueError for a height below 32, of which no row would remain.

    Shapes in comments are height × width, or time × features, for 32 × 200 pixels.
    """
    pixels = keras.Input((input_size.height, input_size.width, input_size.channels), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 255)(pixels)
    x = layers.MaxPooling2D(2)(_conv(x, 8, (5, 5)))  # 14 × 98
    x = layers.MaxPooling2D(2)(_conv(x, 16, (5, 5)))  # 5 × 47
    x = _conv(x, 32, (3, 3))  # 3 × 45
    x = fold_height(_conv(x, 64, (3, 1)), input_size.lines)  # 1 × 45, then 45 × 64
    for _ in range(2):
        x = layers.LSTM(100, return_sequences=True)(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="crnn_v1")
