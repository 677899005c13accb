"""`captcha-ocr augmentation`: shows what the augmentation of params.yaml makes of training pictures."""

import argparse
import os
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.paths import AUGMENTATION, MANIFEST, PARAMS, PICTURES, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.network.lean_keras import import_keras
from captcha_ocr.params.params import load_params


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `augmentation` to the command line."""
    parser = commands.add_parser(
        "augmentation",
        help="draw training pictures as the augmentation of params.yaml changes them, each kind alone and all together",
        epilog="The pictures are those of the last pipeline run (dvc repro split). docs/augmentation.md has the kinds.",
    )
    parser.add_argument("--to", type=Path, default=AUGMENTATION, metavar="FILE", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the sheet as PNG and prints where it is; returns the exit code 0."""
    # A few pictures are augmented: NumPy is enough, and starts in half the time of a backend that trains.
    os.environ["KERAS_BACKEND"] = "numpy"
    # Keras takes seconds to import. The other commands should not wait for that.
    import_keras()
    from captcha_ocr.network.architectures import complete_train_params
    from captcha_ocr.overview.sheet import write_sheet

    params = complete_train_params(load_params(PARAMS).train)
    write_sheet(args.to, PictureShards(PICTURES), Manifest.read(MANIFEST), Splits.read(SPLITS), params)
    print(f"wrote {args.to}")
    return 0
