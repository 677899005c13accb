"""Finds suspect labels in the whole data set with an exported model."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.splits import SIDES, Side, Splits
from captcha_ocr.artifacts.suspects import Suspects
from captcha_ocr.ctc.greedy_decoder import GreedyReadings
from captcha_ocr.evaluate.suspects import suspect_rows, suspects_of
from captcha_ocr.recognizer import Recognizer

PORTION = 256  # pictures whose log probabilities are in memory at once


def _rows(side: Side, pictures: LabelledPictures, recognizer: Recognizer) -> Iterator[dict[str, Any]]:
    contents = pictures.contents()
    for start in range(0, len(pictures), PORTION):
        readings = recognizer.read(islice(contents, PORTION))
        found = GreedyReadings(
            [reading.text for reading in readings],
            np.array([reading.confidence for reading in readings], dtype=np.float64),
            np.stack([reading.log_probs for reading in readings]).astype(np.float64),
        )
        part = slice(start, start + PORTION)
        yield from suspect_rows(side, pictures.names[part], pictures.labels[part], found, recognizer.codec)


def find_suspects(splits: Splits, shards: PictureShards, recognizer: Recognizer) -> Suspects:
    """The suspect labels on all sides of the split.

    Raises CaptchaOcrError if a label holds a symbol that the model does not know.
    """
    return suspects_of(row for side in SIDES for row in _rows(side, splits.side(side, shards), recognizer))
