"""Exports the fitted network to ONNX files, and fails if the float32 file reads other texts than the network."""

import os

from captcha_ocr.base.quiet import quiet_native_logs
from captcha_ocr.network.lean_keras import import_keras

quiet_native_logs()
# The converter needs TensorFlow, also for a network that was trained on another backend.
os.environ["KERAS_BACKEND"] = "tensorflow"
import_keras()

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.export_report import FLOAT32, INT8
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.files import write_bytes
from captcha_ocr.base.stage import run_stage
from captcha_ocr.export.export import export
from captcha_ocr.network.model_file import load_network
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    pictures: Path
    splits: Path
    network: Path
    record: Path
    model: Path
    small: Path
    parity: Path
    report: Path


def main(args: Arguments) -> None:
    record, splits = RunRecord.read(args.record), Splits.read(args.splits)
    exported = export(
        load_network(args.network), record, splits, PictureShards(args.pictures), load_params(args.params)
    )
    write_bytes(args.model, exported.files[FLOAT32])
    write_bytes(args.small, exported.files[INT8])
    exported.report.parity[FLOAT32].write(args.parity)
    exported.report.write(args.report)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
