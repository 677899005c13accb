"""`residual_bilstm`: residual blocks and one bidirectional LSTM, the word recogniser of the `mltu` tutorials.

Rows are not folded but read one after the other: with 32 × 128 pixels the sequence has 8 × 32 = 256 time steps. So the
steps of an upper line of text come before those of a lower one, and two lines need no other network. As in the
tutorials, callbacks watch the validation CER. Their batch size of 1,024 is meant for millions of pictures; here it is
64, with a learning rate of 1e-3 and another patience.
"""

from typing import Any

import keras
from keras import layers

from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

RECIPE = Recipe(
    width=128,
    height=32,
    channels=3,
    epochs=200,
    batch_size=64,
    learning_rate=1e-3,
    patience=50,
    reduce_patience=5,
    reduce_factor=0.9,
    tensorboard=True,
)


def _block(x: Any, filters: int, strides: int = 1, projected: bool = False) -> Any:
    """A residual block (He et al. 2016), with a leaky ReLU and dropout after the sum.

    `projected` puts a 1 × 1 convolution on the skip connection.
    """
    skip = layers.Conv2D(filters, 1, strides, padding="same")(x) if projected else x
    x = layers.Conv2D(filters, 3, strides, padding="same")(x)
    x = layers.LeakyReLU(0.1)(layers.BatchNormalization()(x))
    x = layers.BatchNormalization()(layers.Conv2D(filters, 3, padding="same")(x))
    x = layers.LeakyReLU(0.1)(layers.Add()([x, skip]))
    return layers.Dropout(0.2)(x)


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network. Shapes in comments are height × width, or time × features, for 32 × 128 pixels."""
    pixels = keras.Input((input_size.height, input_size.width, input_size.channels), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 255)(pixels)
    x = _block(x, 16, projected=True)
    x = _block(x, 16, strides=2, projected=True)  # 16 × 64
    x = _block(x, 16)
    x = _block(x, 32, strides=2, projected=True)  # 8 × 32
    x = _block(x, 32)
    x = _block(x, 64, projected=True)
    x = _block(x, 64)
    x = layers.Reshape((x.shape[1] * x.shape[2], x.shape[3]))(x)  # 256 × 64
    x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="residual_bilstm")
