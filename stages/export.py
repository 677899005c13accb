"""Exports the fitted network to ONNX, and refuses the file where it does not read what the network reads."""

import os

from captcha_ocr.quiet import quiet_native_logs

quiet_native_logs()
# The converter takes TensorFlow graphs, whichever backend the network was trained on.
os.environ["KERAS_BACKEND"] = "tensorflow"

from captcha_ocr.core.params import load_params
from captcha_ocr.data.files import read_json, write_json
from captcha_ocr.delivery.export import export_checked
from captcha_ocr.stage import arguments, run


def main() -> None:
    args = arguments(__doc__, paths="params images splits network record model report")
    parity = export_checked(
        args.network, read_json(args.record), args.images, args.splits, load_params(args.params), args.model
    )
    write_json(args.report, parity.as_json())


if __name__ == "__main__":
    run(main)
