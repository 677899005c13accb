"""The report's section on labels that are probably wrong."""

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.report.document import Block, Gallery, Reading, Section, Text

SHOWN = 24


def _sentence(run: PipelineResults) -> str:
    found, judged = len(run.suspects), run.record.samples.validation + run.metrics.samples
    if not found:
        return f"None of the {judged:,} validation and test pictures: no label is surely at odds with the network."
    listed = f"; the first {SHOWN} are shown, and reports/suspects.csv lists all" if found > SHOWN else ""
    return (
        f"{found:,} of the {judged:,} validation and test pictures{listed}. The network is sure of another text, and "
        "the label is next to impossible for it. Look at each: `captcha-ocr label reports/suspects.csv --to "
        "corrections.csv`. A wrong label counts as a misreading in all metrics of this report."
    )


def suspects_section(run: PipelineResults, shards: PictureShards) -> Section:
    """The pictures of validation and test whose label the network is surely at odds with."""
    blocks: list[Block] = [Text(_sentence(run))]
    shown = run.suspects.head(SHOWN)
    if len(shown):
        contents = shards.contents(shown.file.tolist())
        readings = [Reading(r.file, contents[r.file], r.label, r.text, r.confidence) for r in shown.rows()]
        blocks.append(Gallery(readings, "", "Label, reading and confidence, the most doubtful label first"))
    return Section("Suspect labels", blocks)
