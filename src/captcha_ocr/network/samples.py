"""Labelled pictures in the form that a network takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input


@dataclass(frozen=True)
class Samples:
    """File names, labels, and pictures, uint8 [N, H, W, C], in the same order."""

    files: list[str]
    labels: list[str]
    inputs: NDArray[np.uint8]


def load_samples(pictures: LabelledPictures, input_size: InputSize) -> Samples:
    """Decodes and resizes pictures; raises CaptchaOcrError naming a picture that cannot be decoded."""
    shape = (len(pictures), input_size.height, input_size.width, input_size.channels)
    inputs = np.empty(shape, dtype=np.uint8)
    for row, picture in zip(inputs, pictures.pictures(), strict=True):
        row[:] = to_input(pixels_of(picture.content, picture.file), input_size)
    return Samples(pictures.names, pictures.labels, inputs)
