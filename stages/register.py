"""Completes the MLflow run, registers the ONNX model, and decides whether it becomes champion."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.stage import run_stage
from captcha_ocr.register.completion import pipeline_content
from captcha_ocr.register.register import register


@dataclass(frozen=True)
class Arguments:
    params: Path
    pictures: Path
    splits: Path
    model: Path
    small: Path
    network: Path
    record: Path
    provenance: Path
    reports: Path
    output: Path


def main(args: Arguments) -> None:
    results = PipelineResults.read(args.params, args.provenance, args.record, args.reports)
    models = (args.model, args.small, args.network)
    content = pipeline_content(results, args.params, args.record, args.reports, models)
    decision = register(
        results, content, args.model, Splits.read(args.splits).side("test", PictureShards(args.pictures))
    )
    decision.write(args.output)
    print(f"{decision.model} {decision.sentence()}")


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
