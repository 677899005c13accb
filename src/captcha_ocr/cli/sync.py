"""`captcha-ocr sync`: the workspace's run in the store, completed from files."""

import argparse

from captcha_ocr.artifacts.dvc_lock import check_parameters, is_reported
from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.paths import MODEL, MODEL_INT8, NETWORK, PARAMS, PROVENANCE, RECORD, REPORTS
from captcha_ocr.artifacts.pipeline_run import FitResults, PipelineResults
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register.completion import RunContent, completed_run, fit_content, pipeline_content
from captcha_ocr.tracking.server_errors import address


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `sync` to the command line."""
    parser = commands.add_parser(
        "sync",
        help="send what the workspace's MLflow run lacks",
        epilog="For when the tracking server was away while the pipeline ran. Registers nothing; sends nothing twice.",
    )
    parser.set_defaults(run=run)


def _content() -> RunContent:
    """Of the whole pipeline run, or of its training where the stages behind that have not run yet."""
    if is_reported(RECORD):
        results = PipelineResults.read(PARAMS, PROVENANCE, RECORD, REPORTS)
        return pipeline_content(results, PARAMS, RECORD, REPORTS, (MODEL, MODEL_INT8, NETWORK))
    fit = FitResults.read(PARAMS, PROVENANCE, RECORD, REPORTS)
    return fit_content(fit, PARAMS, RECORD, REPORTS / History.file_name)


def run(args: argparse.Namespace) -> int:
    """Says what it sent."""
    if not RECORD.exists():
        raise CaptchaOcrError(f"{RECORD} does not exist: nothing has been trained here. Run `dvc repro`")
    check_parameters(PARAMS, RECORD)
    content = _content()
    with completed_run(content, {}) as completed:
        pass
    taken = f", in place of {content.results.record.run_id}, which is not there" if completed.recreated else ""
    print(
        f"run {completed.run_id} at {address()}{taken}: sent {completed.epochs} of {len(content.results.history)} "
        f"epochs, {completed.parameters} parameters and {completed.files} files"
    )
    return 0
