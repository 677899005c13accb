"""One run a study, and below it one a trial."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import mlflow
from mlflow import MlflowClient

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.trials import Trial, command
from captcha_ocr.base.code_version import code_version
from captcha_ocr.base.nested import flatten
from captcha_ocr.params.params import Params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.tracking.runs import parameters_of
from captcha_ocr.tracking.store import open_store

STUDY, TRIAL, STATE = "sweep", "trial", "trial_state"  # tags
RUNNING, KILLED = "running", "killed"
# As MLflow's own storage for Optuna has it.
STATUS = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}


def _search(experiment: str, wanted: str) -> list[str]:
    found = mlflow.search_runs(experiment_names=[experiment], filter_string=wanted, output_format="list")
    return [run.info.run_id for run in found]


def _settle(experiment: str, parent: str, ended: Sequence[Trial], objective: str) -> None:
    """Closes the runs that a killed sweep left open."""
    client, known = MlflowClient(), {trial.run_id: trial for trial in ended}
    for run_id in _search(experiment, f"tags.`mlflow.parentRunId` = '{parent}' and tags.{STATE} = '{RUNNING}'"):
        if run_id in known:  # killed after the study was told and before the run was
            close_trial(known[run_id], objective)
        else:
            client.set_tag(run_id, STATE, KILLED)
            client.set_terminated(run_id, "KILLED")


@contextmanager
def study_run(name: str, params: Params, origin: Mapping[str, str], ended: Sequence[Trial]) -> Iterator[str]:
    """The run of the study `name`, found again where the sweep resumes after `ended` trials; yields its id."""
    experiment = params.register_.experiment
    open_store(experiment)
    known = _search(experiment, f"tags.{STUDY} = '{name}'")
    with mlflow.start_run(run_id=known[0] if known else None, run_name=name) as run:
        mlflow.set_tags(code_version().tags() | {STUDY: name, **origin})
        if known:
            _settle(experiment, run.info.run_id, ended, params.sweep.objective)
        else:
            # Without the number of trials, which may be raised later: MLflow never changes a parameter.
            mlflow.log_params(flatten({"sweep": params.sweep.model_dump(exclude={"trials"})}))
        yield run.info.run_id


@contextmanager
def trial_run(
    number: int, parent: str, params: Params, recipe: TrainParams, origin: Mapping[str, str]
) -> Iterator[str]:
    """A run below the study's, with the parameters that a pipeline run logs; yields its id."""
    open_store(params.register_.experiment)
    with mlflow.start_run(run_name=f"trial-{number}", parent_run_id=parent) as run:
        tags = {TRIAL: str(number), STATE: RUNNING, "architecture": recipe.architecture, **origin}
        mlflow.set_tags(code_version().tags() | tags)
        mlflow.log_params(parameters_of(params, recipe))
        yield run.info.run_id


def log_epoch(epoch: Epoch) -> None:
    """The epoch's metrics, to the active run, with the epoch as step."""
    mlflow.log_metrics(epoch.metrics(), step=epoch.epoch)


def close_trial(trial: Trial, objective: str) -> None:
    """What came of a trial, to its run."""
    client = MlflowClient()
    if trial.state == "failed":
        client.set_tag(trial.run_id, "error", trial.error)
    else:
        client.log_metric(trial.run_id, f"objective.{objective}", trial.value)
    client.set_tag(trial.run_id, STATE, trial.state)
    client.set_terminated(trial.run_id, STATUS[trial.state])


def log_best(best: Trial, objective: str, trials: int) -> None:
    """The best of the first `trials`, to the study's run: its values as tags, since later trials may change them."""
    mlflow.set_tags({f"best.train.{key}": str(value) for key, value in best.values.items()})
    mlflow.set_tags({"best.trial": str(best.number), "best.run_id": best.run_id, "best.command": command(best.values)})
    mlflow.log_metric(f"best.{objective}", best.value, step=trials)


def log_reports(folder: Path) -> None:
    """All files of `folder`, to the study's run."""
    mlflow.log_artifacts(str(folder), "reports")
