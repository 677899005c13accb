"""Builds the report: its sections in their order."""

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.provenance import SYNTHETIC_WARNING
from captcha_ocr.report import background, results, suspects
from captcha_ocr.report.document import Document
from captcha_ocr.report.learning_curve import learning_curve_section


def document(run: PipelineResults, shards: PictureShards, augmentation: bytes) -> Document:
    """The report of a pipeline run, whose pictures are in `shards`, and whose sheet of the augmentation is a PNG.

    It begins with a warning for look-alikes.
    """
    return Document(
        title=f"{run.params.register_.model_name}: {run.record.architecture}",
        warning=SYNTHETIC_WARNING if run.provenance.is_synthetic else "",
        summary=run.metrics.sentence() + ".",
        sections=[
            results.metrics_section(run),
            results.pictures_section(run, shards),
            suspects.suspects_section(run, shards),
            *([learning_curve_section(run.expectation)] if run.expectation else []),
            results.confidence_section(run),
            results.slices_section(run),
            results.exported_files_section(run),
            background.data_section(run),
            background.training_section(run, augmentation),
            background.environment_section(run),
            background.use_section(run),
        ],
    )
