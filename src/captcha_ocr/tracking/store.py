"""Finds the store of MLflow's runs, also from DVC experiments that run in a copy of the project."""

import logging
import os
from functools import cache
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from captcha_ocr.base.root import project_root
from captcha_ocr.tracking.server_errors import FIRST_REQUEST, LATER_REQUESTS, clear_server_errors, default_environment


@cache
def _check_server(uri: str) -> None:
    """Sends one request that needs a password.

    A server that does not answer is reported within seconds, not minutes.
    """
    with default_environment(FIRST_REQUEST), clear_server_errors():
        MlflowClient(uri).search_experiments(max_results=1)


def find_store() -> Path | None:
    """Points MLflow at MLFLOW_TRACKING_URI, or at a SQLite file in mlruns/ if that is not set.

    Returns the folder mlruns/ in the second case, otherwise None. Raises CaptchaOcrError if the URI is that of a server
    that does not answer or refuses the user.
    """
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    if uri := os.environ.get("MLFLOW_TRACKING_URI"):
        mlflow.set_tracking_uri(uri)
        if uri.startswith("http"):
            _check_server(uri)
            for name, value in LATER_REQUESTS.items():
                os.environ.setdefault(name, value)
            logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # it would print each retry
        return None
    folder = project_root() / "mlruns"
    folder.mkdir(exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    return folder


def open_store(experiment: str) -> str:
    """Makes `experiment` the current experiment of the store, and creates it if necessary; returns its id.

    A local store keeps artifacts beside its SQLite file. Raises CaptchaOcrError as `find_store` does.
    """
    if folder := find_store():
        _create_local(experiment, folder / "artifacts")
    return str(mlflow.set_experiment(experiment).experiment_id)


def _create_local(experiment: str, artifacts: Path) -> None:
    """Creates the experiment if necessary. Its artifact folder is set here, since it cannot be changed later."""
    if mlflow.get_experiment_by_name(experiment) is None:
        try:
            mlflow.create_experiment(experiment, artifact_location=artifacts.as_uri())
        except MlflowException:
            # Another pipeline run may have created it meanwhile. It is an error only if the experiment is still
            # missing.
            if mlflow.get_experiment_by_name(experiment) is None:
                raise
