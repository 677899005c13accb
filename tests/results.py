"""The results of a pipeline run, made by hand: 48 test pictures, of which the first two are misread."""

from pathlib import Path

from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.export_report import FLOAT32, INT8, ExportReport
from captcha_ocr.artifacts.history import Epoch, History
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.quarantine import Quarantine
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.suspects import Suspects
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.evaluate.confidence import risk_coverage_table
from captcha_ocr.evaluate.metrics import all_metrics, confusion
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.params.params import load_params
from tests.examples import MEASUREMENT, PARITY, RECORD, predictions
from tests.modules import ROOT
from tests.packed import packed, png

ALPHABET = "2345678n"
LABELS = [f"{i}{i + 1}n" for i in range(2, 8)] * 8
TEXTS = ["<b>|", "", *LABELS[2:]]
FILES = [f"{label}_{i}.png" for i, label in enumerate(LABELS)]
EPOCHS = [Epoch(1, 8, 2.0, 2.0, 0.5, 0.2, 0.003, 2.1), Epoch(2, 16, 1.0, 1.0, 0.0, 1.0, 0.0, 4.2)]


def run_record() -> RunRecord:
    """Of a fit on a processor alone that started from random weights."""
    recipe = complete_train_params(load_params(ROOT / "params.yaml").train)
    return RECORD.model_copy(
        update={
            "alphabet": ALPHABET,
            "train": recipe.model_copy(update={"seed": 7, "pretrained": False}),
            "device": RECORD.device.model_copy(update={"accelerators": ()}),
            "pretrained_weights": None,
            "epochs": len(EPOCHS),
            "seconds": EPOCHS[-1].seconds,
        }
    )


def _predictions() -> Predictions:
    found = predictions(LABELS, TEXTS, [0.5 + i / 100 for i in range(len(LABELS))])
    return Predictions.from_frame(found.frame.assign(file=FILES))


def _export_report() -> ExportReport:
    parity = parity_report()
    return ExportReport(
        files={FLOAT32: MEASUREMENT, INT8: MEASUREMENT},
        parity={FLOAT32: parity, INT8: parity},
        verdict="So be it.",
    )


def parity_report() -> Parity:
    """Of files that read what the network reads."""
    return PARITY.model_copy(update={"batch_sizes": (1, 7), "mismatched": [], "text_mismatches": 0})


def pipeline_results() -> PipelineResults:
    """Under the shipped params.yaml; its metrics are those of the predictions."""
    record, readings = run_record(), _predictions()
    pairs = confusion(readings)
    manifest = Manifest.from_rows({"file": file, "contrast": i, "joined_ink": 1.0} for i, file in enumerate(FILES))
    first = {"file": FILES[0], "label": LABELS[0], "text": TEXTS[0]}
    suspect = first | {"confidence": 0.987, "label_probability": 1e-9, "split": "test"}
    return PipelineResults(
        params=load_params(ROOT / "params.yaml"),
        provenance=Provenance(
            origin="own",
            obtained="folder p",
            licence="mine",
            content_digest="5026",
            labels_digest="363e",
            pictures=388,
            bytes=1_000_000,
        ),
        record=record,
        history=History.from_rows(EPOCHS),
        validation=ValidationReport(
            rows=388,
            errors=0,
            warnings=2,
            rules={"near_duplicate": 2, "size": 0},
            examples={"near_duplicate": ["a.png (b.png)"]},
            quarantined=2,
        ),
        quarantine=Quarantine.from_rows(
            {"file": f"bad{i}.png", "label": "2n", "rule": "size", "value": f"{i}x50", "remedy": "cut it"}
            for i in range(2)
        ),
        metrics=all_metrics(readings, record, images_per_second=2000.0),
        parity=parity_report(),
        export=_export_report(),
        predictions=readings,
        confusion=pairs,
        risk_coverage=risk_coverage_table(readings),
        slices=slices(readings, pairs, manifest, ALPHABET),
        suspects=Suspects.from_rows([suspect]),
    )


def blank_pictures(folder: Path) -> PictureShards:
    """The test pictures, all blank, packed into the new folder `folder`."""
    content = png(Image.new("L", (8, 4), 255))
    return packed(folder, dict.fromkeys(FILES, (content, None, None)))


def write_results(results: PipelineResults, folder: Path) -> None:
    """All files of a pipeline run but params.yaml, into one folder."""
    parts = (
        *(results.provenance, results.record, results.history, results.validation, results.metrics, results.parity),
        *(results.export, results.predictions, results.confusion, results.risk_coverage, results.slices),
        *(results.suspects, results.quarantine),
    )
    for artifact in parts:
        artifact.write_to(folder)
