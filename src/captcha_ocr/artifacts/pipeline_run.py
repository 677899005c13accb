"""Reads all files of one pipeline run together."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.artifacts.expectation import FOLDER, Expectation
from captcha_ocr.artifacts.export_report import ExportReport
from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.metrics import Metrics
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.quarantine import Quarantine
from captcha_ocr.artifacts.risk_coverage import RiskCoverage
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.slices import Slices
from captcha_ocr.artifacts.suspects import Suspects
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.params.params import Params, load_params


@dataclass(frozen=True)
class FitResults:
    """The files of a pipeline run after its training."""

    params: Params
    provenance: Provenance
    record: RunRecord
    history: History

    @classmethod
    def read(cls, params: Path, provenance: Path, record: Path, reports: Path) -> Self:
        """Reads three files and those in the folder `reports`.

        Raises CaptchaOcrError naming a missing or outdated file.
        """
        return cls(load_params(params), Provenance.read(provenance), RunRecord.read(record), History.read_from(reports))


@dataclass(frozen=True)
class PipelineResults(FitResults):
    """The files of a pipeline run after evaluation and export."""

    validation: ValidationReport
    quarantine: Quarantine
    metrics: Metrics
    parity: Parity
    export: ExportReport
    predictions: Predictions
    confusion: Confusion
    risk_coverage: RiskCoverage
    slices: Slices
    suspects: Suspects
    expectation: Expectation | None = None  # where `make expect` has run on these pictures

    @classmethod
    def read(cls, params: Path, provenance: Path, record: Path, reports: Path) -> Self:
        fit = FitResults.read(params, provenance, record, reports)
        return cls(
            fit.params,
            fit.provenance,
            fit.record,
            fit.history,
            ValidationReport.read_from(reports),
            Quarantine.read_from(reports),
            Metrics.read_from(reports),
            Parity.read_from(reports),
            ExportReport.read_from(reports),
            Predictions.read_from(reports),
            Confusion.read_from(reports),
            RiskCoverage.read_from(reports),
            Slices.read_from(reports),
            Suspects.read_from(reports),
            Expectation.of_fit(reports / FOLDER.name, fit.record),
        )
