from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.crossval.files import DoubtfulLabels, FitRows, FoldReadings, FoldRecord, JudgedLabels, OutOfFold
from tests.examples import FIT, LABELS, assert_same, predictions

OUT_OF_FOLD = OutOfFold.from_frame(
    predictions(LABELS, LABELS).frame.assign(seed=1, fold=2, temperature=1 / 3, label_probability=0.1 + 0.2)
)
FITS = FitRows.from_rows(
    [{"seed": 1, "fold": 2, "epochs": 9, "best_epoch": 8, "seconds": 1 / 3, "samples": 208, "exact_match": 1.0}]
)
DOUBTFUL = DoubtfulLabels.from_frame(
    pd.DataFrame({"file": ["0.png"], "label": ["001"], "text": ["nan"]}).assign(
        misread=3, seeds=4, confidence=1 / 3, label_probability=0.0, edit_distance=3
    )
)
RECORD = FoldRecord(seed=1, fold=2, fit=FIT)


@pytest.mark.parametrize("example", [OUT_OF_FOLD, FITS, DOUBTFUL, RECORD], ids=lambda example: type(example).__name__)
def test_every_file_of_cross_validation_is_read_as_it_was_written(example: Artifact, tmp_path: Path) -> None:
    example.write(tmp_path / "file")
    assert_same(type(example).read(tmp_path / "file"), example)


def test_the_readings_of_a_fold_are_read_as_they_were_written(tmp_path: Path) -> None:
    logits = np.random.default_rng(0).normal(size=(4, 3, 2)).astype(np.float32)
    written = FoldReadings(1, 2, [f"{label}.png" for label in LABELS], LABELS, logits)
    written.write(tmp_path / "seed-1-fold-2.npz")
    read = FoldReadings.read(tmp_path / "seed-1-fold-2.npz", seed=1, fold=2)
    assert (read.seed, read.fold, read.files, read.labels) == (1, 2, written.files, LABELS)
    assert read.logits.dtype == np.float32
    assert np.array_equal(read.logits, logits)


def test_the_record_of_an_older_version_is_refused_with_the_pipeline_that_writes_it_anew() -> None:
    with pytest.raises(CaptchaOcrError, match=r"seed-1\.json .*fit: Field .*`dvc repro --force crossval/dvc\.yaml`"):
        FoldRecord.parse(b'{"seed": 1, "fold": 2, "epochs": 9}', "seed-1.json")


def test_a_label_falls_unless_somebody_says_that_it_stands() -> None:
    verdicts = [("a.png", "stands"), ("b.png", "wrong"), ("c.png", "undecidable")]
    rows = [{"file": f, "label": "a", "seen": "b", "verdict": v, "note": ""} for f, v in verdicts]
    assert JudgedLabels.from_rows(rows).rejected.tolist() == ["b.png", "c.png"]


@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_readings_that_are_cut_off_are_named_with_the_remedy(share: float, tmp_path: Path) -> None:
    path = tmp_path / "seed-1-fold-2.npz"
    FoldReadings(1, 2, ["a.png"], ["a"], np.zeros((1, 3, 2), np.float32)).write(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(CaptchaOcrError, match=r"fold-2\.npz is damaged .*: delete it, and run `make crossval`"):
        FoldReadings.read(path, seed=1, fold=2)
