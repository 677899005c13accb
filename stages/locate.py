"""Records the state of the source of the pictures, and copies the network that the fit is to start from.

DVC then fetches and trains again when they change.
"""

from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.artifacts.start import NETWORK, Start
from captcha_ocr.base.files import sha256_of
from captcha_ocr.base.stage import run_stage
from captcha_ocr.fetch.foreign_files import check_outputs
from captcha_ocr.fetch.locate import locate
from captcha_ocr.fetch.start import locate_start
from captcha_ocr.params.params import load_params


@dataclass(frozen=True)
class Arguments:
    params: Path
    pin: Path
    output: Path
    start: Path


def from_registry(uri: str) -> tuple[Start, bytes]:
    from captcha_ocr.register.registered_network import registered_network  # imports MLflow

    found = registered_network(uri)
    about = {"version": found.version, "alphabet": found.alphabet, "architecture": found.architecture}
    return Start(source=uri, file=NETWORK, sha256=found.sha256, **about), found.content


def main(args: Arguments) -> None:
    check_outputs()
    previous = SourceState.read_kept(args.output)
    params = load_params(args.params)
    state = locate(params.fetch, read_pin(args.pin).archive, previous)
    state.model_copy(update={"pin": sha256_of(args.pin)}).write(args.output)
    if named := str(locate_start(params.train.pretrained, args.start, from_registry)):
        print(f"the fit starts from {named}", flush=True)


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
