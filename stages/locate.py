"""Records the state of the source of the pictures, so that DVC fetches them again when it changes."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.files import sha256_of
from captcha_ocr.base.stage import run_stage
from captcha_ocr.fetch.foreign_files import check_outputs
from captcha_ocr.fetch.locate import locate
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    pin: Path
    output: Path


def main(args: Arguments) -> None:
    check_outputs()
    previous = SourceState.read_kept(args.output)
    state = locate(load_params(args.params).fetch, read_pin(args.pin).archive, previous)
    state.model_copy(update={"pin": sha256_of(args.pin)}).write(args.output)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
