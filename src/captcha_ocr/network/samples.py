"""Labelled pictures in the form that a network takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.network.reading import BATCH, read_logits
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import own_size, to_input

PORTION = 2 * BATCH  # pictures that are decoded at a time


@dataclass(frozen=True)
class Samples:
    """File names, labels, and pictures, uint8 [N, H, W, C], in the same order.

    `own_sizes`, [N, 2], are height and width of each picture without its padding; None: no picture has any.
    """

    files: list[str]
    labels: list[str]
    inputs: NDArray[np.uint8]
    own_sizes: NDArray[np.int64] | None = None

    @property
    def sizes(self) -> NDArray[np.int64]:
        """[N, 2]: height and width of each picture without its padding."""
        if self.own_sizes is not None:
            return self.own_sizes
        return np.tile(np.array(self.inputs.shape[1:3], dtype=np.int64), (len(self.inputs), 1))

    def taken(self, rows: Sequence[int] | NDArray[np.int64]) -> "Samples":
        """The samples of these rows, in their order."""
        sizes = None if self.own_sizes is None else self.own_sizes[rows]
        return Samples([self.files[i] for i in rows], [self.labels[i] for i in rows], self.inputs[rows], sizes)


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
    inputs, sizes = np.empty(shape, dtype=np.uint8), np.empty((len(pictures), 2), dtype=np.int64)
    for row, size, picture in zip(inputs, sizes, pictures.pictures(), strict=True):
        pixels = pixels_of(picture.content, picture.file)
        row[:] = to_input(pixels, input_size)
        size[:] = own_size(pixels, input_size)
    return Samples(pictures.names, pictures.labels, inputs, sizes)
