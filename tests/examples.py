"""One example of each file that passes between stages, with values that a careless reader or writer would change."""

from collections.abc import Sequence

import pandas as pd

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.artifacts.expectation import DrawFits, Expectation, Point
from captcha_ocr.artifacts.export_report import FLOAT32, INT8, ExportReport, FileMeasurement
from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.artifacts.formats.table import Table
from captcha_ocr.artifacts.history import Epoch, History
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.metrics import AboveThreshold, Metrics
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.quarantine import Quarantine
from captcha_ocr.artifacts.registry_decision import PairedCounts, RegistryDecision
from captcha_ocr.artifacts.risk_coverage import RiskCoverage
from captcha_ocr.artifacts.run_record import (
    Device,
    Environment,
    FitRecord,
    PretrainedWeights,
    RunRecord,
    SplitSizes,
)
from captcha_ocr.artifacts.slices import Slices
from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.artifacts.start import Start
from captcha_ocr.artifacts.suspects import Suspects
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.code_version import CodeVersion
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.scoring.metrics import edit_distances

# The labels look like a number, a missing value and a cell boundary.
LABELS = ["001", "nan", 'a,"b', "1e3"]
FILES = [f"{i}.png" for i in range(len(LABELS))]


def predictions(labels: Sequence[str], texts: Sequence[str], confidences: Sequence[float] | None = None) -> Predictions:
    """Readings of `<label>.png`, in the given order; the confidence is 0.9 where none is given."""
    return Predictions.from_frame(
        pd.DataFrame(
            {
                "file": [f"{label}.png" for label in labels],
                "label": labels,
                "text": texts,
                "confidence": confidences or [0.9] * len(labels),
                "symbol_confidence": [" ".join("0.9000" for _ in text) for text in texts],
                "edit_distance": edit_distances(labels, texts),
            }
        )
    )


FIT = FitRecord(
    alphabet="ab1",
    architecture="compact",
    train=TrainParams(
        architecture="compact",
        recipe="own",
        precision="auto",
        seed=7,
        width=64,
        height=16,
        epochs=12,
        batch_size=8,
        learning_rate=1e-3 / 3,
        schedule="cosine",
        patience=4,
    ),
    input_size=InputSize(64, 16),
    time_steps=8,
    parameters=160_036,
    best_epoch=2,
    epochs=3,
    val_cer=1 / 300,
    val_exact_match=0.98,
    seconds=6.0,
    device=Device(backend="tensorflow", accelerators=("GPU 0",), precision="mixed_float16", jit_compile=True),
    pretrained_weights=PretrainedWeights(variables=20, resized=("dense",), symbols="ab"),
    samples=SplitSizes(train=300, validation=40),
    temperature=1.2,
    confidence_threshold=0.6,
)
RECORD = RunRecord(
    **dict(FIT),
    run_id="0123456789abcdef0123456789abcdef",
    data_digest="5026",
    network_sha256="a1b2",
    environment=Environment(
        python="3.11.7",
        platform="Linux",
        processor="a processor",
        cores=2,
        packages={"keras": "3.15"},
        code=CodeVersion("abcd", "true", ""),
    ),
)
METRICS = Metrics(
    samples=101,
    cer=0.002,
    exact_match=0.99,
    exact_match_low=0.946,
    exact_match_high=0.998,
    mean_edit_distance=1 / 101,
    accuracy={"position_1": 1.0, "position_2": 100 / 101},
    samples_with_repeats=0,
    samples_without_repeats=101,
    exact_match_without_repeats=0.99,
    ece=0.1 + 0.2,
    ece_equal_width=0.01,
    ece_by_chance=0.02,
    temperature=1.2,
    above_threshold=AboveThreshold(threshold=0.9999, pictures=0),
    images_per_second=1234.5,
)
PARITY = Parity(
    samples=88,
    batch_sizes=(1, 7, 64),
    max_abs_diff=4.2e-06,
    max_confidence_diff=1e-7,
    mismatched=["a.png"],
    text_mismatches=1,
)
MEASUREMENT = FileMeasurement(
    bytes=880_000,
    samples=101,
    validation_exact_match=1.0,
    exact_match=0.99,
    cer=0.002,
    p50_ms={1: 1.0, 32: 24.0},
    p95_ms={1: 1.5, 32: 30.0},
    pictures_per_second={1: 1000.0, 32: 1333.3},
)
EPOCHS = [Epoch(n, 16 * n, 1 / (3 * n), 0.1 + 0.2, 1 / 7, n / 50, 1e-3 / 3, n / 9) for n in range(1, 50)]

EXPECTATION = Expectation(
    data_digest="5026",
    architecture="compact",
    labels=400,
    points=(
        Point(labels=50, fits=3, pictures=1050, exact_match=2 / 3, low=0.6, high=0.1 + 0.6),
        Point(labels=100, fits=3, pictures=900, exact_match=0.9, low=0.88, high=0.92),
    ),
    band=(Point(labels=400, low=0.95, high=0.97), Point(labels=800, low=0.961, high=0.993)),
)
DRAW_FIT = {"labels": 50, "draw": 1, "pictures": 350, "exact": 233, "cer": 1 / 7, "epochs": 90, "seconds": 12.3}

EXPECTATION = Expectation(
    data_digest="5026",
    architecture="compact",
    labels=400,
    points=(
        Point(labels=50, fits=3, pictures=1050, exact_match=2 / 3, low=0.6, high=0.1 + 0.6),
        Point(labels=100, fits=3, pictures=900, exact_match=0.9, low=0.88, high=0.92),
    ),
    band=(Point(labels=400, low=0.95, high=0.97), Point(labels=800, low=0.961, high=0.993)),
)
DRAW_FIT = {"labels": 50, "draw": 1, "pictures": 350, "exact": 233, "cer": 1 / 7, "epochs": 90, "seconds": 12.3}

EXAMPLES: tuple[Artifact, ...] = (
    SourceState(place="data.zip", state="1234 5678"),
    Start(source="models:/reader@champion", file="network.keras", sha256="a1b2", version="3", alphabet="ab"),
    DrawFits.from_rows([DRAW_FIT]),
    EXPECTATION,
    Provenance(
        origin="pinned",
        obtained="archive data.zip",
        licence="as published",
        content_digest="5026",
        labels_digest="363e",
        pictures=1040,
        bytes=8_000_000,
        same_zip_as_public=False,
    ),
    Manifest.from_rows(
        [
            {
                "file": "0.png",
                "label": "001",
                "given_split": "",
                "width": 200,
                "height": 50,
                "mode": "RGBA",
                "bytes": 9000,
                "sha256": "1e3",
                "pixels_sha256": "002",
                "error": "",
                "dark": 0.1,
                "contrast": 128.5,
                "joined_ink": 1 / 3,
                "phash": "0123",
            },
            dict.fromkeys(["label", "mode", "pixels_sha256", "phash"], "")
            | {
                "file": "nan.png",
                "given_split": "",
                "bytes": 0,
                "sha256": "e3b0",
                "error": "nan.png cannot be decoded",
            },
        ]
    ),
    ValidationReport(
        rows=2, errors=1, warnings=0, rules={"size": 1}, examples={"size": ["0.png (200)"]}, quarantined=1
    ),
    Quarantine.from_rows([{"file": "nan.png", "label": "001", "rule": "size", "value": "96x32", "remedy": "cut it"}]),
    Splits.from_frame(pd.DataFrame({"file": FILES, "label": LABELS, "split": ["train", "validation", "test", "test"]})),
    RECORD,
    History.from_rows(EPOCHS),
    METRICS,
    predictions(LABELS, ["NA", "", 'a,"b', "1e3"], [1 / 3, 0.5, 0.999999, 1.0]),
    Confusion.from_rows([{"actual": "∅", "predicted": '"'}, {"actual": "0", "predicted": "0"}]),
    RiskCoverage.from_rows(
        [{"coverage": 0.5, "pictures": 2, "threshold": 0.999999, "exact_match": 1.0, "low": 1 / 3, "high": 1.0}]
    ),
    Slices.from_rows(
        [{"by": "symbol", "slice": "1", "samples": 3, "correct": 1, "share": 1 / 3, "low": 0.06, "high": 0.79}]
    ),
    Suspects.from_rows(
        [
            {
                "file": "nan.png",
                "label": "001",
                "text": "1e3",
                "confidence": 0.999999,
                "label_probability": 1e-200 / 3,
                "split": "validation",
            }
        ]
    ),
    PARITY,
    ExportReport(
        files={FLOAT32: MEASUREMENT, INT8: MEASUREMENT}, parity={FLOAT32: PARITY, INT8: PARITY}, verdict="So be it."
    ),
    RegistryDecision(
        model="captcha",
        version="2",
        run_id=RECORD.run_id,
        promoted=False,
        reasons=["it is not shown to be better"],
        compared_with="1",
        comparison=PairedCounts(
            both=90,
            only_first=1,
            only_second=2,
            neither=8,
            pictures=101,
            difference=-1 / 101,
            low=-0.05,
            high=0.03,
            mcnemar_p=1.0,
        ),
        champion="1",
    ),
)


def assert_same(found: Artifact, expected: Artifact) -> None:
    """Of one type, with equal values of equal types, floats to the last bit."""
    assert type(found) is type(expected)
    if isinstance(expected, Table) and isinstance(found, Table):
        pd.testing.assert_frame_equal(found.frame, expected.frame, check_exact=True)
    else:
        assert found == expected
