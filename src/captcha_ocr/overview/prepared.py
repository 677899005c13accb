"""What training makes of a picture: the network's input, and augmented versions of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.overview.choices import longest, random_rows, widest
from captcha_ocr.overview.variations import Inputs, vary
from captcha_ocr.params.recipe import TrainParams

VERSIONS = 5  # augmented versions of each picture


@dataclass(frozen=True)
class Prepared:
    """A picture file, the network's input, uint8 [H, W, C], and augmented versions of it."""

    file: str
    input: NDArray[np.uint8]
    versions: list[NDArray[np.uint8]]


def telling(frame: pd.DataFrame) -> pd.DataFrame:
    """Training pictures: random ones, the widest and the narrowest for their height, and the longest label."""
    trained = frame[frame["split"] == "train"]
    narrowest = widest(trained, len(trained)).tail(1)
    chosen = pd.concat([random_rows(trained, 3), widest(trained, 1), narrowest, longest(trained, 1)])
    return chosen.drop_duplicates("file")


def prepare(pictures: Sequence[Picture], params: TrainParams) -> list[Prepared]:
    """The network's input and VERSIONS augmented versions at full strength, by what augments in training."""
    inputs = Inputs.of(pictures, params.input_size)
    versions = vary(inputs, params, VERSIONS)
    files = [picture.file for picture in pictures]
    return [Prepared(*row) for row in zip(files, inputs.pixels, map(list, versions), strict=True)]
