"""Obtains the pictures, and records where they came from."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import run_stage
from captcha_ocr.fetch.fetch import fetch
from captcha_ocr.fetch.pin import Pin
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    archive: Path
    listing: Path
    pictures: Path
    provenance: Path
    url: str
    digest: str
    git_blob: str
    licence: str


def main(args: Arguments) -> None:
    params = load_params(args.params)
    pin = Pin(args.url, project_root() / args.archive, args.digest, args.git_blob, args.listing, args.licence)
    fetch(pin, args.pictures, params.fetch, params.text).write(args.provenance)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
