"""Completes the MLflow run and registers the ONNX model; the gate decides whether it becomes champion."""

from captcha_ocr.artifacts.pipeline_run import outcome
from captcha_ocr.base.files import write_json
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.network.samples import read_splits, side_of
from captcha_ocr.register.register import register


def main() -> None:
    args = arguments(__doc__, paths="params images splits model small network record provenance reports output")
    models = (args.model, args.small, args.network)
    found = outcome(args.params, args.record, args.provenance, args.reports, models)
    decision = register(found, args.model, side_of(read_splits(args.splits), "test", args.images), args.reports)
    write_json(args.output, decision)
    fate = "champion" if decision["promoted"] else "challenger only"
    print(f"{decision['model']} version {decision['version']}: {fate}: {'; '.join(decision['reasons'])}")


if __name__ == "__main__":
    run(main)
