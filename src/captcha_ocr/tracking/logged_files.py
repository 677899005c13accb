"""Reads files that runs have logged."""

from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.tracking.store import find_store


def run_of(spec: str) -> str:
    """The id of a run. `spec` is that id, or a model that the run logged, such as `models:/captcha-ocr@champion`.

    Raises CaptchaOcrError if the store has no such run or model.
    """
    find_store()
    client = MlflowClient()
    try:
        if not spec.startswith("models:/"):
            return str(client.get_run(spec).info.run_id)
        name, _, alias = spec.removeprefix("models:/").partition("@")
        if alias:
            return str(client.get_model_version_by_alias(name, alias).run_id)
        name, _, version = name.partition("/")
        return str(client.get_model_version(name, version).run_id)
    except MlflowException as error:
        raise CaptchaOcrError(f"{spec} is not in the store at {mlflow.get_tracking_uri()}: {error.message}") from None


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
