"""Shows the data set on a page: what is in it, what may need attention, and what the network gets of it."""

import os

from captcha_ocr.network.lean_keras import import_keras

# A few pictures are augmented: NumPy is enough, and starts in half the time of a backend that trains.
os.environ["KERAS_BACKEND"] = "numpy"
import_keras()

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.files import write_text
from captcha_ocr.base.stage import run_stage
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.overview.content import DataSet, build_page
from captcha_ocr.overview.sheet import write_sheet
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    pictures: Path
    manifest: Path
    splits: Path
    validation: Path
    provenance: Path
    output: Path
    sheet: Path


def main(args: Arguments) -> None:
    params = load_params(args.params)
    data = DataSet(
        manifest=Manifest.read(args.manifest),
        splits=Splits.read(args.splits),
        validation=ValidationReport.read(args.validation),
        provenance=Provenance.read(args.provenance),
        shards=PictureShards(args.pictures),
        validate=params.validate_,
        train=complete_train_params(params.train),
    )
    write_text(args.output, build_page(data).as_html())
    write_sheet(args.sheet, data.shards, data.manifest, data.splits, data.train)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
