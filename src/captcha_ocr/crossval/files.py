"""The files that cross-validation writes and reads, as frozen types."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.artifacts.formats.table import HAND, Counts, Numbers, Table, Texts
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.run_record import FitRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import NPZ_DAMAGE, replacing


class FoldRecord(JsonFile):
    """How the network that read one fold was fitted."""

    written_by: ClassVar[str] = "crossval/dvc.yaml"

    seed: int
    fold: int
    fit: FitRecord


@dataclass(frozen=True)
class FoldReadings:
    """What one fit reads of its held-out fold: file names, labels, and logits [N, T, K]."""

    seed: int
    fold: int
    files: list[str]
    labels: list[str]
    logits: NDArray[np.float32]

    @classmethod
    def read(cls, path: Path, seed: int, fold: int) -> "FoldReadings":
        """Reads an .npz file that `write` wrote. Seed and fold are not in the file.

        Raises CaptchaOcrError if it is damaged.
        """
        try:
            with np.load(path) as stored:
                return cls(seed, fold, stored["files"].tolist(), stored["labels"].tolist(), stored["logits"])
        except NPZ_DAMAGE as error:
            raise CaptchaOcrError(f"{path} is damaged ({error}): delete it, and run `make crossval`") from None

    def write(self, path: Path) -> None:
        """Writes an .npz file, which appears only when it is complete. Seed and fold must be in its name."""
        with replacing(path) as draft:
            np.savez(draft, files=self.files, labels=self.labels, logits=self.logits)


@dataclass(frozen=True, eq=False)
class OutOfFold(Predictions):
    """The readings of all held-out pictures: one row for each picture and seed.

    fold: the fold that held the picture out. temperature: the one that calibrated this fold. label_probability:
    p(label | picture), calibrated.
    """

    file_name, written_by = "predictions.csv", "crossval/dvc.yaml"

    seed: Counts
    fold: Counts
    temperature: Numbers
    label_probability: Numbers


@dataclass(frozen=True, eq=False)
class FitRows(Table):
    """One row for each fit. samples, exact_match: of its held-out fold. seconds: how long the fit took."""

    file_name, written_by = "fits.csv", "crossval/dvc.yaml"

    seed: Counts
    fold: Counts
    epochs: Counts
    best_epoch: Counts
    seconds: Numbers
    samples: Counts
    exact_match: Numbers


@dataclass(frozen=True, eq=False)
class DoubtfulLabels(Table):
    """One row for each picture that was misread with at least one seed, most often misread first. Its label may be
    wrong.

    text: the most frequent misreading. misread: the number of seeds that misread the picture, out of `seeds`.
    confidence: mean over the seeds that read `text`. label_probability: mean over all seeds. edit_distance: between
    text and label.
    """

    file_name, written_by = "audit.csv", "crossval/dvc.yaml"

    file: Texts
    label: Texts
    text: Texts
    misread: Counts
    seeds: Counts
    confidence: Numbers
    label_probability: Numbers
    edit_distance: Counts


@dataclass(frozen=True, eq=False)
class JudgedLabels(Table):
    """Labels that people have checked. seen: what they read. verdict: `stands`, `wrong` or `undecidable`."""

    written_by = HAND

    file: Texts
    label: Texts
    seen: Texts
    verdict: Texts
    note: Texts

    @property
    def rejected(self) -> Texts:
        """The files whose label is wrong, or cannot be decided by looking at the picture."""
        return self.file[self.verdict != "stands"]
