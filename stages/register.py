"""Completes the MLflow run and registers the ONNX model; the gate decides whether it becomes champion."""

from captcha_ocr.core.params import load_params
from captcha_ocr.data.files import write_json
from captcha_ocr.delivery.promotion import test_pictures
from captcha_ocr.delivery.registration import register
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="params images splits model small network record provenance reports output")
    others, pictures = (args.small, args.network), test_pictures(args.splits, args.images)
    decision = register(
        load_params(args.params), args.model, others, args.record, args.provenance, args.reports, pictures
    )
    write_json(args.output, decision)
    fate = "champion" if decision["promoted"] else "challenger only"
    print(f"{decision['model']} version {decision['version']}: {fate}: {'; '.join(decision['reasons'])}")


if __name__ == "__main__":
    run(main)
