"""Describes every picture in a manifest and checks it. Fails if a picture or a label breaks a rule."""

import os

from captcha_ocr.network.lean_keras import import_keras

# Only the network's shape is asked for: NumPy is enough, and takes half the memory of a backend that trains.
os.environ["KERAS_BACKEND"] = "numpy"
import_keras()

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.base.stage import run_stage
from captcha_ocr.network.architectures import complete_train_params, time_steps
from captcha_ocr.params.params import load_params
from captcha_ocr.validate.manifest import build_manifest
from captcha_ocr.validate.validation import check_pictures


@dataclass(frozen=True)
class Arguments:
    params: Path
    pictures: Path
    manifest: Path
    report: Path
    quarantine: Path
    docs: Path


def main(args: Arguments) -> None:
    params = load_params(args.params)
    manifest = build_manifest(PictureShards(args.pictures))
    train_params = complete_train_params(params.train)
    steps, size = time_steps(train_params), train_params.input_size
    checked = check_pictures(manifest, params.validate_, params.text, steps, size, args.docs)
    checked.manifest.write(args.manifest)
    checked.report().write(args.report)
    checked.quarantine.write(args.quarantine)
    if len(checked.quarantine):
        print(checked.quarantine.sentence())
    checked.findings.raise_errors()


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
