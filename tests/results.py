"""The results of a pipeline run, made by hand: 48 test pictures, of which the first two are misread."""

from pathlib import Path

from PIL import Image

from captcha_ocr.artifacts.export_report import FLOAT32, INT8, ExportReport, FileMeasurement
from captcha_ocr.artifacts.history import Epoch, History
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.run_record import Device, Environment, RunRecord, SplitSizes
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.code_version import CodeVersion
from captcha_ocr.evaluate.confidence import risk_coverage_table
from captcha_ocr.evaluate.metrics import all_metrics, confusion
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.network.architectures import complete_recipe
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import InputSize
from tests.modules import ROOT

ALPHABET = "2345678n"
LABELS = [f"{i}{i + 1}n" for i in range(2, 8)] * 8
TEXTS = ["<b>|", "", *LABELS[2:]]
FILES = [f"{label}_{i}.png" for i, label in enumerate(LABELS)]
EPOCHS = [Epoch(1, 2.0, 2.0, 0.5, 0.2, 0.003, 2.1), Epoch(2, 1.0, 1.0, 0.0, 1.0, 0.0, 4.2)]


def run_record() -> RunRecord:
    """Of a fit that started from random weights."""
    params = load_params(ROOT / "params.yaml")
    return RunRecord(
        alphabet=ALPHABET,
        architecture="compact",
        train=complete_recipe(params.train).model_copy(update={"seed": 7, "pretrained": False}),
        input_size=InputSize(96, 32),
        time_steps=12,
        parameters=1234,
        best_epoch=2,
        epochs=2,
        val_cer=0.0,
        val_exact_match=1.0,
        seconds=4.2,
        device=Device(backend="tensorflow", accelerators=(), precision="float32", jit_compile=False),
        samples=SplitSizes(train=300, validation=40),
        temperature=1.2,
        confidence_threshold=0.6,
        run_id="0123456789abcdef0123456789abcdef",
        data_digest="5026",
        environment=Environment(
            python="3.11.7",
            platform="Linux",
            processor="a processor",
            cores=2,
            packages={"keras": "3.15"},
            code=CodeVersion(git_commit="abcd", git_dirty="true", dvc_experiment=""),
        ),
    )


def _predictions() -> Predictions:
    rows = [
        {
            "file": file,
            "label": label,
            "text": text,
            "confidence": 0.5 + i / 100,
            "symbol_confidence": " ".join("0.9000" for _ in text),
            "edit_distance": {0: 4, 1: 3}.get(i, 0),
        }
        for i, (file, label, text) in enumerate(zip(FILES, LABELS, TEXTS, strict=True))
    ]
    return Predictions.from_rows(rows)


def _export_report() -> ExportReport:
    measurement = FileMeasurement(
        bytes=260_000,
        samples=48,
        validation_exact_match=0.95,
        exact_match=0.95,
        cer=0.04,
        p50_ms={1: 0.8, 32: 16.0},
        p95_ms={1: 1.5, 32: 30.0},
        pictures_per_second={1: 1250.0, 32: 2000.0},
    )
    parity = parity_report()
    return ExportReport(
        files={FLOAT32: measurement, INT8: measurement},
        parity={FLOAT32: parity, INT8: parity},
        verdict="So be it.",
    )


def parity_report() -> Parity:
    """Of files that read what the network reads."""
    return Parity(
        samples=88,
        batch_sizes=(1, 7),
        max_abs_diff=4.2e-06,
        max_confidence_diff=1e-6,
        mismatched=[],
        text_mismatches=0,
    )


def pipeline_results() -> PipelineResults:
    """Under the shipped params.yaml; its metrics are those of the predictions."""
    record, predictions = run_record(), _predictions()
    pairs = confusion(predictions)
    manifest = Manifest.from_rows({"file": file, "contrast": i, "joined_ink": 1.0} for i, file in enumerate(FILES))
    return PipelineResults(
        params=load_params(ROOT / "params.yaml"),
        provenance=Provenance(
            origin="own", obtained="folder p", licence="mine", content_digest="5026", pictures=388, bytes=1_000_000
        ),
        record=record,
        history=History.from_rows(EPOCHS),
        validation=ValidationReport(
            rows=388,
            errors=0,
            warnings=2,
            rules={"near_duplicate": 2, "size": 0},
            examples={"near_duplicate": ["a.png (b.png)"]},
        ),
        metrics=all_metrics(predictions, record, images_per_second=2000.0),
        parity=parity_report(),
        export=_export_report(),
        predictions=predictions,
        confusion=pairs,
        risk_coverage=risk_coverage_table(predictions),
        slices=slices(predictions, pairs, manifest, ALPHABET),
    )


def write_pictures(folder: Path) -> None:
    """The test pictures, all blank."""
    for file in FILES:
        Image.new("L", (8, 4), 255).save(folder / file)


def write_results(results: PipelineResults, folder: Path) -> None:
    """All files of a pipeline run but params.yaml, into one folder."""
    parts = (
        *(results.provenance, results.record, results.history, results.validation, results.metrics, results.parity),
        *(results.export, results.predictions, results.confusion, results.risk_coverage, results.slices),
    )
    for artifact in parts:
        artifact.write_to(folder)
