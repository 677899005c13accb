"""Where runs are kept, also for experiments that DVC runs in a copy of the project."""

import os
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from captcha_ocr.root import project_root


def find_store() -> Path | None:
    """Points MLflow at MLFLOW_TRACKING_URI, or at a SQLite file in mlruns/; returns that folder where it is local."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    if os.environ.get("MLFLOW_TRACKING_URI"):
        return None
    folder = project_root() / "mlruns"
    folder.mkdir(exist_ok=True)
    mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
    return folder


def open_store(experiment: str) -> MlflowClient:
    """Finds the store and opens `experiment` in it; a local store keeps artifacts beside its SQLite file."""
    if folder := find_store():
        _create_local(experiment, folder / "artifacts")
    mlflow.set_experiment(experiment)
    return MlflowClient()


def _create_local(experiment: str, artifacts: Path) -> None:
    """An experiment keeps its artifact folder for life, so it is set where the experiment is created."""
    if mlflow.get_experiment_by_name(experiment) is None:
        try:
            mlflow.create_experiment(experiment, artifact_location=artifacts.as_uri())
        except MlflowException:
            # Another pipeline was faster; only a failure that leaves no experiment matters.
            if mlflow.get_experiment_by_name(experiment) is None:
                raise
