"""Renders the results of the earlier stages as a page and as a model card with its plots."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import AUGMENTATION
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.base.files import write_text
from captcha_ocr.base.stage import run_stage
from captcha_ocr.report.content import document
from captcha_ocr.report.plots import draw_readings, save_figure
from captcha_ocr.report.render import as_card, as_page, charts
from captcha_ocr.report.results import SHEET


@dataclass(frozen=True)
class Arguments:
    params: Path
    pictures: Path
    provenance: Path
    record: Path
    reports: Path


def main(args: Arguments) -> None:
    results = PipelineResults.read(args.params, args.provenance, args.record, args.reports)
    shards = PictureShards(args.pictures)
    report = document(results, shards, (args.reports / AUGMENTATION.name).read_bytes())
    write_text(args.reports / "report.html", as_page(report))
    write_text(args.reports / "model_card.md", as_card(report))
    for chart in charts(report):
        save_figure(chart.figure, args.reports / chart.file)
    sheet = draw_readings(results.predictions, shards, results.params.evaluate.worst)
    save_figure(sheet, args.reports / SHEET)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
