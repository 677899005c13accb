"""Obtains the pictures, and records where they came from."""

from dataclasses import dataclass, replace
from pathlib import Path

from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import run_stage
from captcha_ocr.fetch.fetch import fetch
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    pin: Path
    pictures: Path
    provenance: Path


def main(args: Arguments) -> None:
    params = load_params(args.params)
    pin = read_pin(args.pin)
    pin = replace(pin, archive=project_root() / pin.archive)
    fetch(pin, args.pictures, params.fetch, params.text).write(args.provenance)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
