"""One network in several sizes: convolutions that keep many time steps, and wider context over time where it is large.

Two strided convolutions reduce height and width to a quarter. From there on only the height is halved, so that narrow
symbols, and two equal ones side by side, keep time steps of their own (as in SVTR, Du et al. 2022). The height is then
folded into the channels. Residual convolutions over time combine neighbouring steps, and self-attention all of them.
"""

from dataclasses import dataclass
from typing import Any

import keras
from keras import layers

from captcha_ocr.network.folding import fold_height
from captcha_ocr.pictures.input_size import InputSize

HEADS = 4  # of the self-attention


@dataclass(frozen=True)
class Scale:
    """How large a network is.

    filters: of the four stages of convolutions. repeats: convolutions in the third and in the fourth stage. features:
    of a time step. convolutions: residual ones over time. attention: blocks of self-attention.
    """

    filters: tuple[int, int, int, int]
    repeats: tuple[int, int]
    features: int
    convolutions: int
    attention: int


def _normalised(layer: keras.Layer, x: Any) -> Any:
    # Running statistics with momentum 0.9 follow the weights within an epoch of some fifty batches. With 0.99, Keras's
    # default, they lag behind.
    return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(layer(x)))


def _conv2d(x: Any, filters: int, kernel: int, strides: int = 1) -> Any:
    layer = layers.Conv2D(filters, kernel, strides, padding="same", use_bias=False, kernel_initializer="he_normal")
    return _normalised(layer, x)


def _conv1d(x: Any, features: int) -> Any:
    layer = layers.Conv1D(features, 3, padding="same", use_bias=False, kernel_initializer="he_normal")
    return _normalised(layer, x)


def _attention(x: Any, features: int) -> Any:
    """A Transformer block with its normalisation first (Xiong et al. 2020)."""
    normed = layers.LayerNormalization()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(HEADS, features // HEADS)(normed, normed)])
    inner = layers.Dense(2 * features, activation="relu")(layers.LayerNormalization()(x))
    return layers.Add()([x, layers.Dense(features)(inner)])


def build_scaled(scale: Scale, input_size: InputSize, classes: int) -> keras.Model:
    """The network; shapes in comments are height × width, or time steps, for 48 × 192 pixels."""
    pixels = keras.Input((input_size.height, input_size.width, input_size.channels), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 127.5, offset=-1)(pixels)
    first, second, third, fourth = scale.filters
    x = _conv2d(x, first, 5, strides=2)  # 24 × 96
    x = _conv2d(x, second, 3, strides=2)  # 12 × 48
    for filters, repeats in ((third, scale.repeats[0]), (fourth, scale.repeats[1])):
        for _ in range(repeats):
            x = _conv2d(x, filters, 3)
        x = layers.MaxPooling2D((2, 1))(x)  # 6 × 48, then 3 × 48
    x = _conv1d(fold_height(x, input_size.lines), scale.features)  # 48
    for _ in range(scale.convolutions):
        x = layers.Add()([x, _conv1d(x, scale.features)])
    for _ in range(scale.attention):
        x = _attention(x, scale.features)
    x = layers.Dropout(0.1)(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits)
