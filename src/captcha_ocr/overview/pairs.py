"""Finds pictures that are equal, and pairs that look alike."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.overview.choices import random_rows

COMPARED = 4000  # most pictures compared with each other, drawn at random: the work grows with the square
BLOCK = 500  # pictures compared with all others at once; it bounds memory
CANDIDATES = 4  # nearest pictures of each picture that may form a pair with it


@dataclass(frozen=True)
class Pair:
    """Two rows of `used_pictures`, and the bits in which their perceptual hashes differ."""

    first: int
    second: int
    bits: int


def _signs(hashes: pd.Series) -> NDArray[np.float32]:
    """[N, bits]: 1 for a set bit of a hexadecimal hash and -1 for any other, so that products count equal bits."""
    packed = np.stack([np.frombuffer(bytes.fromhex(text), np.uint8) for text in hashes])
    return np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1


def _near(frame: pd.DataFrame) -> Iterator[Pair]:
    """For each row, pairs with the rows after it that are nearest, in rows of `frame` counted from 0."""
    signs = _signs(frame["phash"])
    bits = signs.shape[1]
    for start in range(0, len(signs), BLOCK):
        distances = ((bits - signs[start : start + BLOCK] @ signs.T) / 2).astype(np.int64)
        rows = np.arange(start, start + len(distances))
        distances[np.arange(len(signs)) <= rows[:, None]] = bits + 1
        nearest = np.argsort(distances, axis=1, kind="stable")[:, :CANDIDATES]
        for row, others in zip(rows, nearest, strict=True):
            yield from (Pair(int(row), int(i), int(d)) for i in others if (d := distances[row - start, i]) <= bits)


def most_alike(frame: pd.DataFrame, count: int) -> list[Pair]:
    """The `count` pairs of different pictures whose perceptual hashes differ least, nearest first.

    Of more than COMPARED pictures, a random choice is compared. No picture is in two pairs.
    """
    compared = random_rows(frame, COMPARED).sort_index()
    digests = compared["pixels_sha256"].to_numpy()
    taken: set[int] = set()
    pairs = []
    for pair in sorted(_near(compared), key=lambda pair: (pair.bits, pair.first, pair.second)):
        if digests[pair.first] != digests[pair.second] and not {pair.first, pair.second} & taken:
            taken |= {pair.first, pair.second}
            pairs.append(Pair(int(compared.index[pair.first]), int(compared.index[pair.second]), pair.bits))
        if len(pairs) == count:
            break
    return pairs


def duplicates(frame: pd.DataFrame) -> list[pd.DataFrame]:
    """Groups of pictures with equal pixels; those whose labels differ are first."""
    repeated = frame[frame["pixels_sha256"].duplicated(keep=False)]
    groups = [group for _, group in repeated.groupby("pixels_sha256", sort=False)]
    return sorted(groups, key=lambda group: group["label"].nunique() == 1)
