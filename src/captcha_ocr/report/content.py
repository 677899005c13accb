"""Builds the report: its sections in their order."""

from pathlib import Path

from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.provenance import SYNTHETIC_WARNING
from captcha_ocr.report import background, results
from captcha_ocr.report.document import Document


def document(run: PipelineResults, images: Path) -> Document:
    """The report of a pipeline run, whose pictures are in the folder `images`.

    It begins with a warning for look-alikes.
    """
    return Document(
        title=f"{run.params.register_.model_name}: {run.record.architecture}",
        warning=SYNTHETIC_WARNING if run.provenance.is_synthetic else "",
        summary=run.metrics.sentence() + ".",
        sections=[
            results.metrics_section(run),
            results.pictures_section(run, images),
            results.confidence_section(run),
            results.slices_section(run),
            results.exported_files_section(run),
            background.data_section(run),
            background.training_section(run),
            background.environment_section(run),
            background.use_section(run),
        ],
    )
