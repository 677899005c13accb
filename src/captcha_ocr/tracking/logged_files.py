"""Reads files that runs have logged."""

from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.tracking.store import find_store


def known_run_id(run_id: str) -> str:
    """The id; raises CaptchaOcrError if the store has no such run."""
    find_store()
    try:
        return str(MlflowClient().get_run(run_id).info.run_id)
    except MlflowException as error:
        raise CaptchaOcrError(f"{run_id} is not in the store at {mlflow.get_tracking_uri()}: {error.message}") from None


def logged_file(run_id: str, path: str) -> bytes:
    """The bytes of a file among the run's artifacts; raises CaptchaOcrError if the run has no such file."""
    try:
        with TemporaryDirectory() as folder:
            return Path(
                mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=path, dst_path=folder)
            ).read_bytes()
    except (MlflowException, OSError) as error:
        raise CaptchaOcrError(
            f"run {run_id} has logged no {path} ({error}): it is not complete, or was made by an older version"
        ) from None
