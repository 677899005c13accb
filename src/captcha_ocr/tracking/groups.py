"""Groups runs below a parent run."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import mlflow
from mlflow import MlflowClient

from captcha_ocr.base.code_version import code_version
from captcha_ocr.tracking.server_errors import clear_server_errors
from captcha_ocr.tracking.store import open_store


def _newest_run(client: MlflowClient, experiment_id: str, dvc_experiment: str) -> str | None:
    condition = f"tags.dvc_experiment = '{dvc_experiment}'"
    runs = client.search_runs([experiment_id], condition, max_results=1, order_by=["attributes.start_time DESC"])
    return runs[0].info.run_id if runs else None


@clear_server_errors()
def group_runs(
    experiment: str, name: str, dvc_experiments: Iterable[str], metrics: Mapping[str, float], files: Sequence[Path]
) -> str:
    """Creates a run `name` with `metrics` and `files`, as the parent of each DVC experiment's newest run.

    Returns the id of the new run.
    """
    open_store(experiment)
    with mlflow.start_run(run_name=name) as run:
        mlflow.set_tags(code_version().tags())
        mlflow.log_metrics(dict(metrics))
        for path in files:
            mlflow.log_artifact(str(path))
    client = MlflowClient()
    for child in dvc_experiments:
        if run_id := _newest_run(client, run.info.experiment_id, child):
            client.set_tag(run_id, "mlflow.parentRunId", run.info.run_id)
    return str(run.info.run_id)
