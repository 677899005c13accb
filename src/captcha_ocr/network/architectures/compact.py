"""`compact`: a small convolutional network that learns fast from few labels.

Two strided convolutions reduce height and width to a quarter, so that the layers with many filters run on few pixels.
Then the height is folded into the channels, and convolutions over time combine neighbouring steps.
"""

from typing import Any

import keras
from keras import layers

from captcha_ocr.network.folding import fold_height
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

RECIPE = Recipe(
    width=240,
    height=50,
    pretrained=True,
    epochs=90,
    epoch_steps=27,
    batch_size=16,
    learning_rate=0.003,
    schedule="cosine",
    warmup_epochs=0.2,
    clip_norm=1.0,
    ema=0.95,
    alignment_epochs=2,
    augmentation=1.0,
    augmentation_epochs=2,
    patience=90,
    plateau_epochs=20,
)


def _normalised(convolution: keras.Layer, x: Any) -> Any:
    # Running statistics with momentum 0.9 follow the weights within an epoch of some fifty batches. With 0.99, Keras's
    # default, they lag behind.
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(convolution(x)))


def _conv2d(x: Any, filters: int, kernel: int, strides: int = 1) -> Any:
    layer = layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False, kernel_initializer="he_normal")
    return _normalised(layer, x)


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network. Shapes in comments are height × width, or time × features, for 50 × 240 pixels."""
    pixels = keras.Input((input_size.height, input_size.width, input_size.channels), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 127.5, offset=-1)(pixels)
    x = _conv2d(x, 16, 5, strides=2)  # 25 × 120
    x = _conv2d(x, 32, 3, strides=2)  # 13 × 60
    x = _conv2d(x, 48, 3)
    x = layers.MaxPooling2D(2)(x)  # 6 × 30
    x = fold_height(_conv2d(x, 64, 3), input_size.lines)  # 30 × 384
    for _ in range(2):
        conv1d = layers.Conv1D(112, 3, padding="same", use_bias=False, kernel_initializer="he_normal")
        x = _normalised(conv1d, x)  # 30 × 112
    x = layers.Dropout(0.1)(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="compact")
