"""MLflow runs of a sweep: one for the study, and below it one for each trial."""

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

STUDY, TRIAL, STATE = "sweep", "trial", "trial_state"  # names of tags
RUNNING, KILLED = "running", "killed"  # values of STATE, beside those of Trial.state
# The run's status by the trial's state, as in MLflow's own storage for Optuna.
STATUS = {"complete": "FINISHED", "pruned": "KILLED", "failed": "FAILED"}


def _run_ids(experiment: str, condition: str) -> list[str]:
    runs = mlflow.search_runs(experiment_names=[experiment], filter_string=condition, output_format="list")
    return [run.info.run_id for run in runs]


def _close_open_trials(experiment: str, parent: str, ended: Sequence[Trial], objective: str) -> None:
    """Closes the runs of trials that a killed sweep left open; `parent` is the id of the study's run."""
    client, known = MlflowClient(), {trial.run_id: trial for trial in ended}
    for run_id in _run_ids(experiment, f"tags.`mlflow.parentRunId` = '{parent}' and tags.{STATE} = '{RUNNING}'"):
        if run_id in known:  # the sweep was killed after the study had the result, before the run had it
            close_trial(known[run_id], objective)
        else:
            client.set_tag(run_id, STATE, KILLED)
            client.set_terminated(run_id, "KILLED")


@contextmanager
def study_run(name: str, params: Params, origin: Mapping[str, str], ended: Sequence[Trial]) -> Iterator[str]:
    """Opens the run of the study `name`, and yields its id.

    If the sweep resumes, the study's run is reopened; `ended` are the trials that have ended before.
    """
    experiment = params.register_.experiment
    open_store(experiment)
    known = _run_ids(experiment, f"tags.{STUDY} = '{name}'")
    with mlflow.start_run(run_id=known[0] if known else None, run_name=name) as run:
        mlflow.set_tags(code_version().tags() | {STUDY: name, **origin})
        if known:
            _close_open_trials(experiment, run.info.run_id, ended, params.sweep.objective)
        else:
            # The number of trials is left out: it may be raised later, and MLflow never changes a parameter.
            mlflow.log_params(flatten({"sweep": params.sweep.model_dump(exclude={"trials"})}))
        yield run.info.run_id


@contextmanager
def trial_run(
    number: int, parent: str, params: Params, train_params: TrainParams, origin: Mapping[str, str]
) -> Iterator[str]:
    """Opens the run of a trial below the study's run `parent`, with all parameters, and yields its id."""
    open_store(params.register_.experiment)
    with mlflow.start_run(run_name=f"trial-{number}", parent_run_id=parent) as run:
        tags = {TRIAL: str(number), STATE: RUNNING, "architecture": train_params.architecture, **origin}
        mlflow.set_tags(code_version().tags() | tags)
        mlflow.log_params(parameters_of(params, train_params))
        yield run.info.run_id


def log_epoch(epoch: Epoch) -> None:
    """Logs the metrics of an epoch to the active run, with its number as step."""
    mlflow.log_metrics(epoch.metrics(), step=epoch.epoch)


def close_trial(trial: Trial, objective: str) -> None:
    """Logs the result of a trial to its run, and ends the run."""
    client = MlflowClient()
    if trial.state == "failed":
        client.set_tag(trial.run_id, "error", trial.error)
    else:
        client.log_metric(trial.run_id, f"objective.{objective}", trial.value)
    client.set_tag(trial.run_id, STATE, trial.state)
    client.set_terminated(trial.run_id, STATUS[trial.state])


def log_best(best: Trial, objective: str, trials: int) -> None:
    """Logs the best of the first `trials` trials to the study's run, which must be active.

    Its values become tags, because a later trial may be better and MLflow never changes a parameter.
    """
    mlflow.set_tags({f"best.train.{key}": str(value) for key, value in best.values.items()})
    mlflow.set_tags({"best.trial": str(best.number), "best.run_id": best.run_id, "best.command": command(best.values)})
    mlflow.log_metric(f"best.{objective}", best.value, step=trials)


def log_reports(folder: Path) -> None:
    """Logs all files of `folder` to the study's run, which must be active."""
    mlflow.log_artifacts(str(folder), "reports")
