"""The files of cross-validation, as frozen types."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.artifacts.formats.table import Counts, Numbers, Table, Texts
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.run_record import FitRecord
from captcha_ocr.base.files import replacing


class FoldRecord(JsonFile):
    """How the network was fitted that read one fold."""

    written_by: ClassVar[str] = "crossval/dvc.yaml"

    seed: int
    fold: int
    fit: FitRecord


@dataclass(frozen=True)
class FoldReadings:
    """The held-out pictures of one fit: files, labels, and logits [N, T, K]."""

    seed: int
    fold: int
    files: list[str]
    labels: list[str]
    logits: NDArray[np.float32]

    @classmethod
    def read(cls, path: Path, seed: int, fold: int) -> "FoldReadings":
        """From an .npz file that `write` made."""
        with np.load(path) as stored:
            return cls(seed, fold, stored["files"].tolist(), stored["labels"].tolist(), stored["logits"])

    def write(self, path: Path) -> None:
        """Whole or not at all; seed and fold are left to the file's name."""
        with replacing(path) as draft, draft.open("wb") as file:
            np.savez(file, files=self.files, labels=self.labels, logits=self.logits)


@dataclass(frozen=True, eq=False)
class OutOfFold(Predictions):
    """Every picture once a seed, with the fold that held it out, and the probability of its label."""

    file_name, written_by = "predictions.csv", "crossval/dvc.yaml"

    seed: Counts
    fold: Counts
    temperature: Numbers
    label_probability: Numbers


@dataclass(frozen=True, eq=False)
class FitRows(Table):
    """One row a fit: what it read of its held-out fold, and what it took."""

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
    """One row a picture that some seed misread, most often misread first: candidates for a wrong label.

    text: the most frequent misreading. misread: by so many of `seeds`. confidence: mean of that text where it was read.
    label_probability: mean over all seeds. edit_distance: of text from label.
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
    """Labels that people have looked at: what they saw, and whether the label stands, is wrong or undecidable."""

    written_by = "hand"

    file: Texts
    label: Texts
    seen: Texts
    verdict: Texts
    note: Texts

    @property
    def fallen(self) -> Texts:
        """The files whose label does not stand: wrong, or not to be decided by looking."""
        return self.file[self.verdict != "stands"]
