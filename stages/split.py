"""Assigns every picture to training, validation or test."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.stage import run_stage
from captcha_ocr.params.params import load_params
from captcha_ocr.split.assignment import assign


@dataclass(frozen=True)
class Arguments:
    params: Path
    manifest: Path
    splits: Path


def main(args: Arguments) -> None:
    params = load_params(args.params)
    assign(Manifest.read(args.manifest), params.split, params.text.alphabet).write(args.splits)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
