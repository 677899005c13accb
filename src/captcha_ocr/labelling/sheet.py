"""Sheets of doubtful labels: suspects.csv, and the audit of cross-validation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.base.cells import unmarked
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.labelling.reading import Guess, Outcomes
from captcha_ocr.pictures.decoding import pixels_of

COLUMNS = ("file", "label", "text", "confidence")


@dataclass(frozen=True)
class Sheet:
    """Pictures of the data set, by their names in it. contents: of the picture files. guesses: in the same order."""

    files: tuple[str, ...]
    contents: dict[str, bytes]
    guesses: tuple[Guess, ...]

    def number_of(self, file: str) -> int | None:
        """As `Pictures` says."""
        return self.files.index(file) if file in self.contents else None

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """As `Pictures` says."""
        return pixels_of(self.contents[self.files[number]], self.files[number])

    def readings(self, numbers: Sequence[int]) -> Iterator[Outcomes]:
        """What the sheet says of the pictures `numbers`, in one portion; its first row is to come first."""
        yield {number: self.guesses[number] for number in numbers}


def read_sheet(path: Path, shards: PictureShards) -> Sheet:
    """Reads a sheet with the columns COLUMNS; others are ignored.

    Raises CaptchaOcrError if one is missing, a file is named twice, or the data set has no such picture.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False).map(unmarked)
        confidences = [float(value) for value in frame["confidence"]] if "confidence" in frame else []
    except (OSError, ValueError) as error:
        raise CaptchaOcrError(
            f"{path} is no sheet of suspects ({error}): write one with captcha-ocr suspects"
        ) from None
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        raise CaptchaOcrError(f"{path} lacks the column {listed(missing)}: write it again with captcha-ocr suspects")
    files = tuple(frame["file"])
    if doubled := sorted(set(frame["file"][frame["file"].duplicated()])):
        raise CaptchaOcrError(f"{path} names {listed(doubled)} twice: keep one of the rows")
    rows = zip(frame["text"], confidences, frame["label"], strict=True)
    guesses = tuple(Guess(text, share, float(rank), label) for rank, (text, share, label) in enumerate(rows))
    return Sheet(files, shards.contents(files), guesses)
