"""Completes the MLflow run of a pipeline run: sends what the run lacks, from the pipeline's files."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run
from mlflow.utils.file_utils import local_file_uri_to_path

from captcha_ocr.artifacts.pipeline_run import FitResults, PipelineResults
from captcha_ocr.artifacts.registry_decision import RegistryDecision
from captcha_ocr.base.code_version import code_version
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of
from captcha_ocr.base.nested import numbers
from captcha_ocr.tracking.epochs import send_missing
from captcha_ocr.tracking.runs import data_tags, known_run, parameters_of, run_name
from captcha_ocr.tracking.server_errors import clear_server_errors
from captcha_ocr.tracking.store import open_store

FILES_TAG = "files_sha256"  # digest of the files that the run holds
HALF_SENT = ".artifact.uploading.*"  # what MLflow calls a file in a local store until it is whole


@dataclass(frozen=True)
class RunContent:
    """What an MLflow run should hold: results, further metrics, and files by the artifact folder they belong in."""

    results: FitResults
    metrics: Mapping[str, Any]
    files: Mapping[str, Sequence[Path]]


@dataclass(frozen=True)
class CompletedRun:
    """A run that holds all of its content.

    recreated: whether it replaces a run that the store does not know. epochs, parameters, files: how many were sent.
    """

    run_id: str
    recreated: bool
    epochs: int
    parameters: int
    files: int


def _report_files(reports: Path) -> list[Path]:
    """The files and folders in `reports` that the pipeline wrote before its registration.

    Other folders there hold cross-validation, comparisons and benchmarks.
    """
    files = [path for path in sorted(reports.iterdir()) if path.is_file() and not path.name.startswith(".")]
    files = [path for path in files if path.name != RegistryDecision.file_name]
    return files + [folder for name in ("data_docs", "tensorboard") if (folder := reports / name).is_dir()]


def pipeline_content(
    results: PipelineResults, params: Path, record: Path, reports: Path, models: Sequence[Path]
) -> RunContent:
    """The content for a whole pipeline run. Raises CaptchaOcrError if a file of `models` is missing."""
    if absent := [path.as_posix() for path in models if not path.is_file()]:
        raise CaptchaOcrError(f"{', '.join(absent)} does not exist: take it out of DVC's cache with `dvc checkout`")
    metrics = {
        "test": results.metrics.model_dump(),
        "parity": results.parity.model_dump(),
        "validation": results.validation.rules | {"quarantined": results.validation.quarantined},
    }
    files = {"reports": _report_files(reports), "models": [*models, record], "": [params]}
    return RunContent(results, metrics, files)


def fit_content(results: FitResults, params: Path, record: Path, history: Path) -> RunContent:
    """The content after training only. The other reports may belong to an earlier fit, so they are left out."""
    return RunContent(results, {}, {"reports": [history], "models": [record], "": [params]})


def _files_in(path: Path) -> list[Path]:
    """`path` itself if it is a file, or all files below it."""
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _remove_half_sent(run: Run) -> None:
    """Removes what a killed process has left among the run's artifacts. A pipeline's run has one writer at a time."""
    if run.info.artifact_uri.startswith("file:"):
        for half in Path(local_file_uri_to_path(run.info.artifact_uri)).rglob(HALF_SENT):
            half.unlink()


def _send_files(files: Mapping[str, Sequence[Path]], run: Run) -> int:
    """Logs files and folders into the artifact folders named by the keys; returns how many files that were.

    Sends nothing and returns 0 if the run already has files with the same names and content.
    """
    all_files = [(folder, file) for folder, paths in files.items() for path in paths for file in _files_in(path)]
    digest = sha256("\n".join(f"{folder} {file} {sha256_of(file)}" for folder, file in all_files).encode()).hexdigest()
    if run.data.tags.get(FILES_TAG) == digest:
        return 0
    _remove_half_sent(run)
    for folder, paths in files.items():
        for path in paths:
            if path.is_dir():
                mlflow.log_artifacts(str(path), f"{folder}/{path.name}")
            else:
                mlflow.log_artifact(str(path), folder)
    mlflow.set_tag(FILES_TAG, digest)
    return len(all_files)


def _send(client: MlflowClient, run: Run, content: RunContent) -> tuple[int, int, int]:
    """Sends what the run lacks; returns how many epochs, parameters and files that were."""
    results, record = content.results, content.results.record
    parameters = parameters_of(results.params, record.train)
    missing = {key: value for key, value in parameters.items() if key not in run.data.params}
    metrics = numbers(content.metrics) | numbers(record.model_dump(include={"parameters", "best_epoch", "epochs"}))
    mlflow.log_params(missing)
    mlflow.set_tags(record.device.tags() | data_tags(results.provenance))
    mlflow.log_metrics({key: value for key, value in metrics.items() if run.data.metrics.get(key) != value})
    epochs = send_missing(client, run.info.run_id, results.history.epochs())
    return epochs, len(missing), _send_files(content.files, run)


@contextmanager
def completed_run(content: RunContent, tags: Mapping[str, str]) -> Iterator[CompletedRun]:
    """Sends `tags` to the pipeline's run, and what it lacks of `content`. It is active in the block, then FINISHED.

    The results may come from DVC's cache, and their run may be unknown to this store. Then a new run replaces it, with
    the original id in the tag `recreated_from`. Raises CaptchaOcrError if the store's server does not answer.
    """
    with clear_server_errors():
        results = content.results
        experiment_id, client = open_store(results.params.register_.experiment), MlflowClient()
        original = results.record.run_id
        known = known_run(client, experiment_id, original)
        new_tags = code_version().tags()
        new_tags |= {"recreated_from": original, "architecture": results.record.architecture}
        run_id, name = (known.info.run_id, None) if known else (None, run_name(new_tags))
        with mlflow.start_run(run_id=run_id, run_name=name, tags=None if known else new_tags) as run:
            mlflow.set_tags(dict(tags))
            yield CompletedRun(run.info.run_id, known is None, *_send(client, run, content))
