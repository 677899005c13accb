"""`captcha-ocr sync`: completes the workspace's MLflow run from the pipeline's files."""

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
        epilog="Use it if the tracking server did not answer during the pipeline run. It registers nothing, and sends "
        "nothing twice.",
    )
    parser.set_defaults(run=run)


def _content() -> RunContent:
    """The content for the whole pipeline run, or for training only if the later stages have not run yet."""
    if is_reported(RECORD):
        results = PipelineResults.read(PARAMS, PROVENANCE, RECORD, REPORTS)
        return pipeline_content(results, PARAMS, RECORD, REPORTS, (MODEL, MODEL_INT8, NETWORK))
    fit = FitResults.read(PARAMS, PROVENANCE, RECORD, REPORTS)
    return fit_content(fit, PARAMS, RECORD, REPORTS / History.file_name)


def run(args: argparse.Namespace) -> int:
    """Completes the run, and prints what was sent."""
    if not RECORD.exists():
        raise CaptchaOcrError(f"{RECORD} does not exist: nothing has been trained here. Run `dvc repro`")
    check_parameters(PARAMS, RECORD)
    content = _content()
    with completed_run(content, {}) as completed:
        pass
    original = content.results.record.run_id
    replaces = f", in place of {original}, which does not exist there" if completed.recreated else ""
    print(
        f"run {completed.run_id} at {address()}{replaces}: sent {completed.epochs} of {len(content.results.history)} "
        f"epochs, {completed.parameters} parameters and {completed.files} files"
    )
    return 0
