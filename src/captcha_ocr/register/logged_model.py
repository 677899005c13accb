"""The model that a run logs. After a kill in MLflow's own `log_model`, the next call would log a second one."""

import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import LoggedModel, LoggedModelOutput, LoggedModelStatus, Metric, Run
from mlflow.models import Model

from captcha_ocr.register.registered_file import DIGEST_TAG


def _known_or_new(client: MlflowClient, run: Run, digest: str) -> LoggedModel:
    """The model that the run has from the file with this digest, perhaps without its files; or a new one without."""
    experiment, run_id = run.info.experiment_id, run.info.run_id
    wanted = f"source_run_id = '{run_id}' AND tags.{DIGEST_TAG} = '{digest}'"
    if known := client.search_logged_models([experiment], wanted, max_results=1):
        return known[0]
    tags, params = {DIGEST_TAG: digest}, run.data.params
    return client.create_logged_model(experiment, "model", source_run_id=run_id, tags=tags, params=params)


def _send_files(client: MlflowClient, model: LoggedModel, content: Mapping[str, Any]) -> None:
    """What MLflow's `Model.log` does for a model that is known already."""
    with TemporaryDirectory() as folder:
        saved = Path(folder, "model")
        description = Model(artifact_path=model.artifact_location, run_id=model.source_run_id, model_id=model.model_id)
        mlflow.pyfunc.save_model(saved, mlflow_model=description, **content)
        for compiled in list(saved.rglob("__pycache__")):
            shutil.rmtree(compiled)
        client.log_model_artifacts(model.model_id, str(saved))


def log_model(run_id: str, digest: str, metrics: Mapping[str, float], content: Mapping[str, Any]) -> str:
    """Logs a model to the run `run_id`, which must be active; returns its URI.

    digest: hex SHA-256 of the exported file. content: arguments of `mlflow.pyfunc.save_model`. If an earlier call was
    killed, what it has not sent is sent now, and nothing is there twice.
    """
    client = MlflowClient()
    run = client.get_run(run_id)
    model = _known_or_new(client, run, digest)
    outputs = run.outputs.model_outputs if run.outputs else []
    if model.model_id not in {output.model_id for output in outputs}:
        client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    if model.status != LoggedModelStatus.READY:
        _send_files(client, model, content)
        client.finalize_logged_model(model.model_id, LoggedModelStatus.READY)
    known, now = {metric.key for metric in model.metrics or []}, time.time_ns() // 1_000_000
    missing = [
        Metric(key, value, now, step=0, model_id=model.model_id) for key, value in metrics.items() if key not in known
    ]
    client.log_batch(run_id, missing)  # `mlflow.log_metrics` would take the model for an input of the run
    return f"models:/{model.model_id}"
