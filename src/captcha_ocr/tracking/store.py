"""Where runs are kept, also for experiments that DVC runs in a copy of the project."""

import logging
import os
from functools import cache
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from captcha_ocr.base.root import project_root
from captcha_ocr.tracking.server_errors import FIRST_QUESTION, PATIENCE, clear_server_errors, settings


@cache
def _greet(uri: str) -> None:
    """Asks the server something that needs a password, so that its absence shows at once and not in minutes."""
    with settings(FIRST_QUESTION), clear_server_errors():
        MlflowClient(uri).search_experiments(max_results=1)


def find_store() -> Path | None:
    """Points MLflow at MLFLOW_TRACKING_URI, or at a SQLite file in mlruns/; returns that folder where it is local.

    Raises CaptchaOcrError where the URI is a server's and it does not answer, or refuses the user.
    """
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    if uri := os.environ.get("MLFLOW_TRACKING_URI"):
        mlflow.set_tracking_uri(uri)
        if uri.startswith("http"):
            _greet(uri)
            for name, value in PATIENCE.items():
                os.environ.setdefault(name, value)
            logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # it would report each try
        return None
    folder = project_root() / "mlruns"
    folder.mkdir(exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    return folder


def open_store(experiment: str) -> str:
    """Finds the store and makes `experiment` the current one; returns its id.

    A local store keeps artifacts beside its SQLite file. Raises CaptchaOcrError as `find_store` does.
    """
    if folder := find_store():
        _create_local(experiment, folder / "artifacts")
    return str(mlflow.set_experiment(experiment).experiment_id)


def _create_local(experiment: str, artifacts: Path) -> None:
    """An experiment keeps its artifact folder for life, so it is set where the experiment is created."""
    if mlflow.get_experiment_by_name(experiment) is None:
        try:
            mlflow.create_experiment(experiment, artifact_location=artifacts.as_uri())
        except MlflowException:
            # Another pipeline was faster; only a failure that leaves no experiment matters.
            if mlflow.get_experiment_by_name(experiment) is None:
                raise
