"""Records the state of the source of the pictures, so that DVC fetches them again when it changes."""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.stage import run_stage
from captcha_ocr.fetch.locate import locate
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    archive: Path
    output: Path


def main(args: Arguments) -> None:
    previous = SourceState.read(args.output) if args.output.exists() else None
    locate(load_params(args.params).fetch, args.archive, previous).write(args.output)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
