"""The perceptual hash of pictures, as the package `imagehash` computes it, of many pictures at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.fft import dct

HASH_SIDE = 16  # the hash has HASH_SIDE² bits
REDUCED_SIDE = 4 * HASH_SIDE  # pictures are reduced to a square of so many pixels first


def reduced(grey: Image.Image) -> NDArray[np.uint8]:
    """What the hash sees of a picture in grey levels: [REDUCED_SIDE, REDUCED_SIDE]."""
    return np.asarray(grey.resize((REDUCED_SIDE, REDUCED_SIDE), Image.Resampling.LANCZOS))


def perceptual_hashes(squares: Sequence[NDArray[np.uint8]]) -> list[str]:
    """The hash of each picture, given as `reduced`, in hexadecimal: the string of imagehash.phash(…, HASH_SIDE).

    A bit tells whether one of the HASH_SIDE² lowest frequencies of the cosine transform is above their median.
    """
    if not squares:
        return []
    stack = np.stack(squares).astype(np.float64)
    rows = dct(stack, axis=1)[:, :HASH_SIDE]
    lowest = dct(rows, axis=2)[:, :, :HASH_SIDE].reshape(len(squares), -1)
    bits = lowest > np.median(lowest, axis=1, keepdims=True)
    return [row.tobytes().hex() for row in np.packbits(bits, axis=1)]
