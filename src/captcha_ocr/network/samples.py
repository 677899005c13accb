"""Labelled pictures in the form that a network takes."""

from dataclasses import dataclass
from itertools import islice

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.network.reading import BATCH, read_logits
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input

PORTION = 2 * BATCH  # pictures that are decoded at a time


@dataclass(frozen=True)
class Samples:
    """File names, labels, and pictures, uint8 [N, H, W, C], in the same order."""

    files: list[str]
    labels: list[str]
    inputs: NDArray[np.uint8]


def read_pictures(network: keras.Model, pictures: LabelledPictures, input_size: InputSize) -> NDArray[np.float32]:
    """The network's logits, float32 [N, T, K], of pictures; only a portion of them is decoded at a time.

    Raises CaptchaOcrError naming a picture that cannot be decoded.
    """
    remaining = pictures.pictures()
    logits = [np.empty((0, *network.output_shape[1:]), np.float32)]
    while some := list(islice(remaining, PORTION)):
        inputs = [to_input(pixels_of(picture.content, picture.file), input_size) for picture in some]
        logits.append(read_logits(network, np.stack(inputs)))
    return np.concatenate(logits)


def load_samples(pictures: LabelledPictures, input_size: InputSize) -> Samples:
    """Decodes and resizes pictures; raises CaptchaOcrError naming a picture that cannot be decoded."""
    shape = (len(pictures), input_size.height, input_size.width, input_size.channels)
    inputs = np.empty(shape, dtype=np.uint8)
    for row, picture in zip(inputs, pictures.pictures(), strict=True):
        row[:] = to_input(pixels_of(picture.content, picture.file), input_size)
    return Samples(pictures.names, pictures.labels, inputs)
