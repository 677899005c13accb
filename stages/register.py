"""Completes the MLflow run and registers the ONNX model; the gate decides whether it becomes champion."""

from captcha_ocr.core.params import load_params
from captcha_ocr.data.files import write_json
from captcha_ocr.delivery.registration import register
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="params model small network record provenance reports output")
    params = load_params(args.params)
    decision = register(params, args.model, (args.small, args.network), args.record, args.provenance, args.reports)
    write_json(args.output, decision)
    fate = "champion" if decision["promoted"] else f"challenger only: {'; '.join(decision['objections'])}"
    print(f"{decision['model']} version {decision['version']}: {fate}")


if __name__ == "__main__":
    run(main)
