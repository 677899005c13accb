"""Augmented pictures as training shows them, at full strength, and each kind of augmentation alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.augmentation.batch import augment, strengths
from captcha_ocr.network.augmentation import augmentation_layer
from captcha_ocr.params.recipe import KINDS, TrainParams
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import own_size, to_input


@dataclass(frozen=True)
class Inputs:
    """Pictures as the network takes them, uint8 [N, H, W, C], and the sizes [N, 2] that they have without padding."""

    pixels: NDArray[np.uint8]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, pictures: Sequence[Picture], input_size: InputSize) -> Self:
        """Decodes pictures; raises CaptchaOcrError naming one that cannot be decoded."""
        decoded = [pixels_of(picture.content, picture.file) for picture in pictures]
        sizes = np.array([own_size(pixels, input_size) for pixels in decoded])
        return cls(np.stack([to_input(pixels, input_size) for pixels in decoded]), sizes)


def only(kind: str, params: TrainParams) -> TrainParams:
    """The parameters with no other kind of augmentation; with strength 1 for one that is off."""
    strength = {f"augmentation_{other}": 0.0 for other in KINDS if other != kind}
    if not params.augmentation_of(kind):
        strength |= {"augmentation": 1.0, f"augmentation_{kind}": 1.0}
    return params.model_copy(update=strength)


def vary(inputs: Inputs, params: TrainParams, draws: int) -> NDArray[np.uint8]:
    """Random versions of each picture, uint8 [N, draws, H, W, C], by what augments in training."""
    repeated, sizes = np.repeat(inputs.pixels, draws, axis=0), np.repeat(inputs.sizes, draws, axis=0)
    changed = augment(repeated, sizes, strengths(params), (params.seed,))
    versions = np.asarray(augmentation_layer(params)(changed, training=True)).round().astype(np.uint8)
    return versions.reshape(len(inputs.pixels), draws, *inputs.pixels.shape[1:])


def strongest(inputs: Inputs, params: TrainParams, draws: int) -> NDArray[np.uint8]:
    """Of `draws` random versions of each picture the one that differs most from it, uint8 [N, H, W, C]."""
    versions = vary(inputs, params, draws)
    differences = np.abs(versions - inputs.pixels[:, None].astype(float)).mean(axis=(2, 3, 4))
    chosen: NDArray[np.uint8] = versions[np.arange(len(versions)), differences.argmax(axis=1)]
    return chosen
