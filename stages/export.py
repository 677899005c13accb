"""Exports the fitted network to ONNX, and refuses the file where it does not read what the network reads."""

import os

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()
# The converter takes TensorFlow graphs, whichever backend the network was trained on.
os.environ["KERAS_BACKEND"] = "tensorflow"

from captcha_ocr.base.files import read_json, write_json
from captcha_ocr.base.stage import arguments, run
from captcha_ocr.export.export import FLOAT32, INT8, build_shipment, write_files
from captcha_ocr.params.params import load_params


def main() -> None:
    args = arguments(__doc__, paths="params images splits network record model small parity figures")
    done = build_shipment(args.network, read_json(args.record), args.images, args.splits, load_params(args.params))
    write_files(done, {FLOAT32: args.model, INT8: args.small})
    write_json(args.parity, done.parity[FLOAT32].as_json())
    figures = {name: figures.as_json() for name, figures in done.figures.items()}
    parity = {name: parity.as_json() for name, parity in done.parity.items()}
    write_json(args.figures, {"files": figures, "parity": parity, "verdict": done.verdict})


if __name__ == "__main__":
    run(main)
