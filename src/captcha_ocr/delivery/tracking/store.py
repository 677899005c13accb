"""Where runs are kept, also for experiments that DVC runs in a copy of the project."""

import os
from pathlib import Path

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from captcha_ocr.root import project_root


def open_store(experiment: str) -> MlflowClient:
    """Points MLflow at MLFLOW_TRACKING_URI, or at a SQLite file and artifact folder in mlruns/; opens `experiment`."""
    if not os.environ.get("MLFLOW_TRACKING_URI"):
        folder = project_root() / "mlruns"
        folder.mkdir(exist_ok=True)
        mlflow.set_tracking_uri(f"sqlite:///{folder / 'mlflow.db'}")
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
