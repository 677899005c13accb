"""The MLflow run of a pipeline run, which training opens."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Param, Run, RunTag
from mlflow.exceptions import MlflowException
from mlflow.tracking.context.registry import resolve_tags
from mlflow.utils.mlflow_tags import MLFLOW_RUN_NOTE

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.base.code_version import code_version
from captcha_ocr.base.nested import flatten
from captcha_ocr.params.params import Params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.tracking.epochs import EpochLog, send_missing
from captcha_ocr.tracking.server_errors import clear_server_errors
from captcha_ocr.tracking.store import open_store

ATTEMPT = "attempt"  # the tag with the id by which a resumed fit finds its run
DIGEST_LENGTH = 36  # MLflow's limit for a data set's digest; the tag `data_digest` has it in full


def parameters_of(params: Params, fit: TrainParams) -> dict[str, Any]:
    """All parameters by dotted key; the section `train` has the complete parameters `fit` instead of nulls."""
    return flatten(params.model_dump(by_alias=True) | {"train": fit.model_dump()})


def data_tags(provenance: Provenance) -> dict[str, str]:
    """Tags for the origin and the digest of the pictures."""
    return {"data_origin": provenance.origin, "data_digest": provenance.content_digest}


def known_run(client: MlflowClient, experiment_id: str, run_id: str) -> Run | None:
    """The run `run_id` of the experiment, or the run that replaces it (tag `recreated_from`).

    None if there is neither.
    """
    try:
        run = client.get_run(run_id)
        if run.info.lifecycle_stage == "active" and run.info.experiment_id == experiment_id:
            return run
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
    return _tagged_run(client, experiment_id, "recreated_from", run_id)


def _tagged_run(client: MlflowClient, experiment_id: str, tag: str, value: str) -> Run | None:
    runs = client.search_runs([experiment_id], f"tags.{tag} = '{value}'", max_results=1)
    return runs[0] if runs else None


def _dataset_input(provenance: Provenance, url: str) -> DatasetInput:
    name, digest = f"captchas-{provenance.origin}", provenance.content_digest[:DIGEST_LENGTH]
    data = Dataset(name=name, digest=digest, source_type="http", source=json.dumps({"url": url}))
    return DatasetInput(data, [InputTag("mlflow.data.context", "training")])


def run_name(tags: Mapping[str, str]) -> str:
    """The name of the DVC experiment, or of the architecture outside an experiment."""
    return tags["dvc_experiment"] or tags["architecture"]


def _open_run(client: MlflowClient, experiment_id: str, attempt: str, name: str) -> Run:
    """Reopens the run of a killed `attempt`, or creates one.

    The tag is sent with the run, so that no kill leaves a run that the next attempt does not find. `mlflow.start_run`
    is not used: at the exit of the process it waits for a server that does not answer.
    """
    if run := _tagged_run(client, experiment_id, ATTEMPT, attempt):
        client.update_run(run.info.run_id, "RUNNING")
        return run
    return client.create_run(experiment_id, tags=resolve_tags() | {ATTEMPT: attempt}, run_name=name)


@contextmanager
def training_run(
    attempt: str, epochs: Sequence[Epoch], params: Params, fit: TrainParams, provenance: Provenance, url: str
) -> Iterator[EpochLog]:
    """Resumes the run with the tag `attempt` if the store has it, otherwise opens a new run; yields an EpochLog for it.

    Of `epochs`, which the fit made before it was killed, those are sent that a kill has kept from the store.
    If the block raises, the run ends as FAILED. Otherwise it ends as FINISHED, and `completed_run` reopens it at the
    end of the pipeline run. Raises CaptchaOcrError if the store does not answer at the start; later failures are only
    printed.
    """
    with clear_server_errors():
        experiment_id, client = open_store(params.register_.experiment), MlflowClient()
        parameters = parameters_of(params, fit)
        tags = code_version().tags() | data_tags(provenance) | {"architecture": params.train.architecture}
        run = _open_run(client, experiment_id, attempt, run_name(tags))
        client.log_batch(
            run.info.run_id,
            params=[Param(key, str(value)) for key, value in parameters.items() if key not in run.data.params],
            tags=[RunTag(key, value) for key, value in tags.items()],
        )
        client.log_inputs(run.info.run_id, [_dataset_input(provenance, url)])
        if epochs:
            send_missing(client, run.info.run_id, epochs)
        log = EpochLog(client, run.info.run_id)
    try:
        yield log
    except BaseException:
        log.close("FAILED")
        raise
    log.close("FINISHED")


def describe_run(run_id: str, text: str) -> None:
    """Sets the description that MLflow shows for the run."""
    MlflowClient().set_tag(run_id, MLFLOW_RUN_NOTE, text)
