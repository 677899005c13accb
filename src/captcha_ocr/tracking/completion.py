"""The run of a pass, made to hold all that the pass left in files."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import mlflow
from mlflow import MlflowClient
from mlflow.entities import Run

from captcha_ocr.artifacts.pipeline_run import Outcome
from captcha_ocr.base.code_version import code_version
from captcha_ocr.base.nested import numbers
from captcha_ocr.fetch.digest import sha256_of
from captcha_ocr.tracking.epochs import send_missing
from captcha_ocr.tracking.runs import known_run, parameters_of, run_name, tags_of_data
from captcha_ocr.tracking.server_errors import no_server_is_a_clear_error
from captcha_ocr.tracking.store import open_store

FILES_TAG = "files_sha256"


@dataclass(frozen=True)
class Completed:
    """A run that holds the whole pass, and what was sent to make it so."""

    run_id: str
    recreated: bool
    epochs: int
    parameters: int
    files: int


def _of_machine(record: Mapping[str, Any]) -> dict[str, str]:
    device = record["device"]
    return {
        "backend": device["backend"],
        "device": ", ".join(device["accelerators"]) or "cpu",
        "precision": device["precision"],
        "jit_compile": str(device["jit_compile"]).lower(),
    }


def _send_files(files: Mapping[str, list[Path]], run: Run) -> int:
    """Logs files and folders below the folder that each key names, unless the run has these very files already."""
    each = [(folder, file) for folder, paths in files.items() for path in paths for file in _below(path)]
    digest = sha256("\n".join(f"{folder} {file} {sha256_of(file)}" for folder, file in each).encode()).hexdigest()
    if run.data.tags.get(FILES_TAG) == digest:
        return 0
    for folder, paths in files.items():
        for path in paths:
            if path.is_dir():
                mlflow.log_artifacts(str(path), f"{folder}/{path.name}")
            else:
                mlflow.log_artifact(str(path), folder)
    mlflow.set_tag(FILES_TAG, digest)
    return len(each)


def _below(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def _send(client: MlflowClient, run: Run, outcome: Outcome) -> tuple[int, int, int]:
    """What the run lacks; how many epochs, parameters and files that was."""
    given = parameters_of(outcome.params, outcome.record["train"])
    missing = {key: value for key, value in given.items() if key not in run.data.params}
    figures = numbers(outcome.figures | {key: outcome.record[key] for key in ("parameters", "best_epoch", "epochs")})
    mlflow.log_params(missing)
    mlflow.set_tags(_of_machine(outcome.record) | tags_of_data(outcome.provenance))
    mlflow.log_metrics({key: value for key, value in figures.items() if run.data.metrics.get(key) != value})
    epochs = send_missing(client, run.info.run_id, outcome.history)
    return epochs, len(missing), _send_files(outcome.files, run)


@contextmanager
def completed_run(outcome: Outcome, tags: Mapping[str, str]) -> Iterator[Completed]:
    """The run of the pass, active for the block and FINISHED after it: sends `tags`, and what it lacks of `outcome`.

    A run restored from DVC's cache may be unknown to this store: then a new one takes its place, marked by the tag
    `recreated_from`. Raises CaptchaOcrError where there is no server.
    """
    with no_server_is_a_clear_error():
        experiment_id, client = open_store(outcome.params.register_.experiment), MlflowClient()
        original = outcome.record["run_id"]
        known = known_run(client, experiment_id, original)
        marks = code_version() | {"recreated_from": original, "architecture": outcome.record["architecture"]}
        run_id, name = (known.info.run_id, None) if known else (None, run_name(marks))
        with mlflow.start_run(run_id=run_id, run_name=name, tags=None if known else marks) as run:
            mlflow.set_tags(dict(tags))
            yield Completed(run.info.run_id, known is None, *_send(client, run, outcome))
