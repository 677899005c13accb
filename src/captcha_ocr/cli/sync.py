"""`captcha-ocr sync`: the workspace's run in the store, completed from files."""

import argparse
from pathlib import Path

from captcha_ocr.artifacts.pipeline_run import check_parameters, is_reported, outcome, outcome_of_fit
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.tracking.completion import completed_run
from captcha_ocr.tracking.server_errors import address

PARAMS, RECORD, PROVENANCE, REPORTS = (
    Path(name) for name in ("params.yaml", "models/run.json", "data/provenance.json", "reports")
)
MODELS = tuple(Path("models") / name for name in ("model.onnx", "model.int8.onnx", "model.keras"))


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `sync` to the command line."""
    parser = commands.add_parser(
        "sync",
        help="send what the workspace's MLflow run lacks",
        epilog="For when the tracking server was away while the pipeline ran. Registers nothing; sends nothing twice.",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Says what it sent."""
    if not RECORD.exists():
        raise CaptchaOcrError(f"{RECORD} does not exist: nothing has been trained here. Run `dvc repro`")
    check_parameters(PARAMS, RECORD)
    if is_reported(RECORD):
        found = outcome(PARAMS, RECORD, PROVENANCE, REPORTS, MODELS)
    else:
        found = outcome_of_fit(PARAMS, RECORD, PROVENANCE, REPORTS)
    with completed_run(found, {}) as completed:
        pass
    taken = f", in place of {found.record['run_id']}, which is not there" if completed.recreated else ""
    print(
        f"run {completed.run_id} at {address()}{taken}: sent {completed.epochs} of {len(found.history)} epochs, "
        f"{completed.parameters} parameters and {completed.files} files"
    )
    return 0
