"""Finds the store of MLflow's runs, also from DVC experiments that run in a copy of the project."""

import logging
import os
from functools import cache
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sqlalchemy import make_url

from captcha_ocr.base.root import project_root
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.tracking.database import check_writable, database_uri, ready_database
from captcha_ocr.tracking.server_errors import FIRST_REQUEST, LATER_REQUESTS, clear_server_errors, default_environment


@cache
def _check_server(uri: str) -> None:
    """Sends one request that needs a password.

    A server that does not answer is reported within seconds, not minutes.
    """
    with default_environment(FIRST_REQUEST), clear_server_errors():
        MlflowClient(uri).search_experiments(max_results=1)


def local_store() -> Path:
    """The SQLite file of the project's own store, mlruns/mlflow.db, complete; raises as `ready_database` does."""
    file = project_root() / "mlruns" / "mlflow.db"
    ready_database(file)
    return file


def _find_given(uri: str) -> None:
    """Points MLflow at the store that the user has named; raises as `find_store` does."""
    mlflow.set_tracking_uri(uri)
    if uri.startswith("http"):
        _check_server(uri)
        for name, value in LATER_REQUESTS.items():
            os.environ.setdefault(name, value)
        logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)  # it would print each retry
    elif uri.startswith("sqlite:///") and (file := make_url(uri).database):
        ready_database(Path(file))


def find_store() -> Path | None:
    """Points MLflow at MLFLOW_TRACKING_URI, or at a SQLite file in mlruns/ if that is not set.

    Returns the file in the second case, otherwise None. Raises CaptchaOcrError if the URI is that of a server that does
    not answer or refuses the user, and as `ready_database` does.
    """
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    logging.getLogger("mlflow.store.db.utils").setLevel(logging.CRITICAL)  # `clear_server_errors` reports it
    if uri := os.environ.get("MLFLOW_TRACKING_URI"):
        _find_given(uri)
        return None
    file = local_store()
    mlflow.set_tracking_uri(database_uri(file))
    return file


def open_store(experiment: str) -> str:
    """Makes `experiment` the current experiment of the store, and creates it if necessary; returns its id.

    A local store keeps artifacts beside its SQLite file. Raises CaptchaOcrError as `find_store` does, and if a local
    store cannot be written to.
    """
    if file := find_store():
        check_writable(file)
        _create_local(experiment, file.parent / "artifacts")
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


def print_store() -> None:
    """Prints the URI of the store, which is complete then; raises as `find_store` does."""
    find_store()
    print(mlflow.get_tracking_uri())


if __name__ == "__main__":  # for `make ui`
    exit_on_error(print_store)
