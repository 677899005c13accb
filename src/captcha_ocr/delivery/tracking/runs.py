"""One MLflow run for one pass through the pipeline: opened by training, completed by registration."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import mlflow
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.exceptions import MlflowException

from captcha_ocr.core.nested import flatten, numbers
from captcha_ocr.core.params import Params
from captcha_ocr.core.progress import Epoch
from captcha_ocr.core.recipe import TrainParams
from captcha_ocr.delivery.code_version import code_version, lock_digest
from captcha_ocr.delivery.tracking.store import open_store

SYSTEM_METRICS_SECONDS = 1
DIGEST_LENGTH = 36  # MLflow's limit for a data set's digest; the whole one is a tag


def _is_known(run_id: str | None) -> bool:
    try:
        return run_id is not None and mlflow.get_run(run_id).info.lifecycle_stage == "active"
    except MlflowException:
        return False


def _log_data(provenance: Mapping[str, Any], url: str) -> None:
    digest = provenance["content_digest"][:DIGEST_LENGTH]
    name = f"captchas-{provenance['origin']}"
    data = MetaDataset(HTTPDatasetSource(url), name=name, digest=digest)  # type: ignore[abstract]  # MLflow's own slip
    mlflow.log_input(data, context="training")


def _log_parameters(params: Params, recipe: Mapping[str, Any]) -> None:
    """All of params.yaml, with the complete recipe in place of what it leaves to the architecture."""
    mlflow.log_params(flatten(params.model_dump(by_alias=True) | {"train": recipe}))


@contextmanager
def training_run(
    run_id: str | None, params: Params, recipe: TrainParams, provenance: Mapping[str, Any], url: str
) -> Iterator[str]:
    """Goes on with `run_id` where the store knows it, else opens a run; yields the run's id.

    The run is FAILED where the block raises; otherwise `completed_run` reopens it at the end of the pass.
    """
    open_store(params.register_.experiment)
    mlflow.set_system_metrics_sampling_interval(SYSTEM_METRICS_SECONDS)
    resumed = _is_known(run_id)
    with mlflow.start_run(run_id=run_id if resumed else None, log_system_metrics=True) as run:
        if not resumed:
            _log_parameters(params, recipe.model_dump())
            _log_data(provenance, url)
            mlflow.set_tags({"data_origin": provenance["origin"], "data_digest": provenance["content_digest"]})
        mlflow.set_tags(code_version() | {"architecture": params.train.architecture})
        yield run.info.run_id


def log_epoch(epoch: Epoch) -> None:
    """The epoch's figures as metrics of the active run, with the epoch as step."""
    figures = {name: value for name, value in asdict(epoch).items() if name != "epoch"}
    mlflow.log_metrics(figures, step=epoch.epoch)


def log_record(record: Mapping[str, Any]) -> None:
    """What the fit ran on, as tags, and what came of it, as metrics of the active run."""
    device = record["device"]
    accelerators = ", ".join(device["accelerators"]) or "cpu"
    mlflow.set_tags(
        {
            "backend": device["backend"],
            "device": accelerators,
            "precision": device["precision"],
            "jit_compile": str(device["jit_compile"]).lower(),
        }
    )
    mlflow.log_metrics(numbers({key: record[key] for key in ("parameters", "best_epoch", "epochs")}))


@contextmanager
def completed_run(
    record: Mapping[str, Any], params: Params, provenance: Mapping[str, Any], figures: Mapping[str, Any]
) -> Iterator[str]:
    """Reopens the run that `record` names, logs the test figures and tags, and yields its id.

    A run restored from DVC's cache may be unknown to this store: then a new one takes its place, marked by the tag
    `recreated_from`.
    """
    open_store(params.register_.experiment)
    run_id = record["run_id"]
    known = _is_known(run_id)
    with mlflow.start_run(run_id=run_id if known else None) as run:
        if not known:
            _log_parameters(params, record["train"])
            mlflow.set_tags(code_version() | {"recreated_from": run_id, "architecture": record["architecture"]})
            log_record(record)
        mlflow.log_metrics(numbers(figures))
        mlflow.set_tags(
            lock_digest() | {"data_origin": provenance["origin"], "data_digest": provenance["content_digest"]}
        )
        yield run.info.run_id


def log_files(files: Mapping[str, list[Path]]) -> None:
    """Files and folders as artifacts of the active run, below the folder that each key names."""
    for folder, paths in files.items():
        for path in paths:
            if path.is_dir():
                mlflow.log_artifacts(str(path), f"{folder}/{path.name}")
            else:
                mlflow.log_artifact(str(path), folder)
