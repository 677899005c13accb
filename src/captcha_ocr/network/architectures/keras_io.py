"""`keras_io`: the network of the Keras example "OCR model for reading captchas" (A_K_Nain, 2020).

Two convolutions, a dense layer and two bidirectional LSTMs. The example takes pictures with the width as first axis and
ends in a softmax. Here the network swaps the axes itself, and returns logits.
"""

import keras
from keras import layers

from captcha_ocr.network.folding import fold_columns
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.pictures.input_size import InputSize

RECIPE = Recipe(
    width=200,
    height=50,
    epochs=100,
    batch_size=16,
    learning_rate=1e-3,
    monitor="val_loss",
    patience=10,
)


def build(input_size: InputSize, classes: int) -> keras.Model:
    """Builds the network. Shapes in comments are width × height, or time × features, for 50 × 200 pixels."""
    pixels = keras.Input((input_size.height, input_size.width, input_size.channels), dtype="uint8", name="image")
    x = layers.Rescaling(1 / 255)(pixels)
    x = layers.Permute((2, 1, 3))(x)  # 200 × 50: the width becomes time
    for filters in (32, 64):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")(x)
        x = layers.MaxPooling2D(2)(x)  # 100 × 25, then 50 × 12
    x = fold_columns(x, input_size.lines)  # 50 × 768
    x = layers.Dense(64, activation="relu")(x)
    x = layers.Dropout(0.2)(x)
    for units in (128, 64):
        x = layers.Bidirectional(layers.LSTM(units, return_sequences=True, dropout=0.25))(x)
    logits = layers.Dense(classes, dtype="float32", name="logits")(x)
    return keras.Model(pixels, logits, name="keras_io")
