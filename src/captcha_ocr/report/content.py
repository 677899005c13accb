"""The report's sections in their order."""

from pathlib import Path

from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.provenance import SYNTHETIC_WARNING
from captcha_ocr.report import background, results
from captcha_ocr.report.document import Document


def document(run: PipelineResults, images: Path) -> Document:
    """The report of a pipeline run, whose pictures lie in `images`; look-alikes are announced before anything else."""
    return Document(
        title=f"{run.params.register_.model_name}: {run.record.architecture}",
        warning=SYNTHETIC_WARNING if run.provenance.is_synthetic else "",
        summary=run.metrics.sentence() + ".",
        sections=[
            results.results(run),
            results.pictures(run, images),
            results.confidence(run),
            results.parts(run),
            results.exported(run),
            background.data(run),
            background.training(run),
            background.environment(run),
            background.use(run),
        ],
    )
