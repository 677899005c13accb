"""Random affine maps of pictures, grey or in colour, one resampling each, on whatever device trains."""

from typing import Any

import keras
from keras import ops

from captcha_ocr.network.padding import own_columns
from captcha_ocr.params.recipe import TrainParams

# Largest deviations at strength 1: relative scale, horizontal shear and vertical slope (pixels per pixel),
# and shift as a share of the picture's size.
SCALE, SHEAR, SLOPE, SHIFT_X, SHIFT_Y = 0.10, 0.15, 0.05, 0.025, 0.05


class RandomAffine(keras.layers.Layer):
    """Scales, shears, tilts and shifts each picture [N, H, W, C] about its centre; the identity outside training.

    The centre of a `padded` picture is that of its own columns: about the middle of the whole, a short text at the left
    would be scaled out of it. `share` of the strength is applied: a variable, so that it may rise between epochs
    without a new compilation.
    """

    def __init__(self, strength: float, seed: int, padded: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.strength = strength
        self.padded = padded
        self.share = self.add_weight(name="share", initializer="ones", trainable=False, autocast=False)
        self.seed_generator = keras.random.SeedGenerator(seed)

    def _transforms(self, count: Any, height: int, width: Any) -> Any:
        """[N, 8]: the projective coefficients that `affine_transform` takes, output to input coordinates.

        `width` is one number, or [N], one for each picture.
        """
        drawn = keras.random.uniform((count, 6), -1, 1, seed=self.seed_generator) * (self.strength * self.share)
        scale_x, scale_y = 1 + SCALE * drawn[:, 0], 1 + SCALE * drawn[:, 1]
        shear, slope = SHEAR * drawn[:, 2], SLOPE * drawn[:, 3]
        x, y = (width - 1) / 2, (height - 1) / 2
        # The centre goes to the centre, plus the shift.
        shift_x = x - scale_x * x - shear * y + SHIFT_X * width * drawn[:, 4]
        shift_y = y - slope * x - scale_y * y + SHIFT_Y * height * drawn[:, 5]
        zero = ops.zeros_like(shear)
        return ops.stack([scale_x, shear, shift_x, slope, scale_y, shift_y, zero, zero], axis=1)

    def call(self, pictures: Any, training: bool = False) -> Any:
        """Pictures of the same shape as floats; borders are continued outwards."""
        pictures = ops.cast(pictures, "float32")
        if not training or self.strength == 0:
            return pictures
        count, height, width, _ = ops.shape(pictures)
        own_width = ops.cast(own_columns(pictures), "float32") if self.padded else width
        transforms = self._transforms(count, height, own_width)
        return ops.image.affine_transform(pictures, transforms, interpolation="bilinear", fill_mode="nearest")


def augmentation_layer(params: TrainParams) -> RandomAffine:
    """The layer for the affine part of the augmentation in a fit with these parameters, at full strength."""
    return RandomAffine(params.augmentation_of("affine"), params.seed, padded=params.fit == "pad")
