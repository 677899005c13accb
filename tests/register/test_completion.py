"""Runs that are completed from files, in a local store. With a team's server: tests/end_to_end/test_team.py."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.utils.file_utils import local_file_uri_to_path

from captcha_ocr.artifacts.paths import MODEL, MODEL_INT8, NETWORK, PARAMS, RECORD, REPORTS
from captcha_ocr.artifacts.pipeline_run import PipelineResults
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.register.completion import RunContent, completed_run, fit_content, pipeline_content
from captcha_ocr.tracking.epochs import send_missing
from captcha_ocr.tracking.store import open_store
from tests.modules import ROOT
from tests.results import EPOCHS, pipeline_results, write_results
from tests.stores import local_store

MODELS = (MODEL, MODEL_INT8, NETWORK)


@pytest.fixture
def results(tmp_path: Path) -> Iterator[PipelineResults]:
    """Those of the files in the working folder; the store does not know their run."""
    with local_store(tmp_path):
        found = pipeline_results()
        for folder in (REPORTS / "data_docs", REPORTS / "crossval", RECORD.parent):
            folder.mkdir(parents=True)
        write_results(found, REPORTS)
        found.record.write(RECORD)
        for file in (*MODELS, REPORTS / "registry.json", REPORTS / ".draft", REPORTS / "data_docs" / "index.html"):
            file.write_text("x")
        shutil.copy(ROOT / PARAMS, PARAMS)
        yield found


@pytest.fixture
def run_id(results: PipelineResults) -> str:
    """A run of the store, in the experiment of the results."""
    experiment_id = open_store(results.params.register_.experiment)
    return str(MlflowClient().create_run(experiment_id).info.run_id)


def content_of(results: PipelineResults) -> RunContent:
    return pipeline_content(results, PARAMS, RECORD, REPORTS, MODELS)


def test_a_run_gets_what_it_lacks_once(results: PipelineResults, run_id: str) -> None:
    client = MlflowClient()
    send_missing(client, run_id, EPOCHS[:1])
    content = content_of(replace(results, record=results.record.model_copy(update={"run_id": run_id})))
    with completed_run(content, {"a tag": "of the caller"}) as sent:
        pass
    assert (sent.run_id, sent.recreated, sent.epochs) == (run_id, False, 1)
    assert sent.parameters > 0
    assert sent.files == len(content.files["reports"]) + len(MODELS) + len([RECORD, PARAMS])
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.data.tags["a tag"] == "of the caller"
    assert (run.data.tags["data_origin"], run.data.tags["device"]) == ("own", "cpu")
    assert run.data.params["train.seed"] == "7"  # of the fit, not of params.yaml
    assert run.data.metrics["test.exact_match"] == results.metrics.exact_match
    assert run.data.metrics["validation.near_duplicate"] == 2
    with completed_run(content, {}) as again:
        pass
    assert (again.run_id, again.epochs, again.parameters, again.files) == (run_id, 0, 0, 0)


def test_what_a_killed_process_has_half_sent_is_removed(results: PipelineResults, run_id: str) -> None:
    folder = Path(local_file_uri_to_path(MlflowClient().get_run(run_id).info.artifact_uri)) / "reports"
    folder.mkdir(parents=True)
    (folder / ".artifact.uploading.cv9utprp").write_text("half")
    with completed_run(content_of(replace(results, record=results.record.model_copy(update={"run_id": run_id}))), {}):
        pass
    assert not list(folder.glob(".*"))
    assert (folder / "metrics.json").exists()


def test_a_run_that_the_store_does_not_know_is_made_anew_and_found_again(results: PipelineResults) -> None:
    with completed_run(content_of(results), {}) as sent:
        pass
    assert (sent.recreated, sent.epochs) == (True, 2)
    tags = MlflowClient().get_run(sent.run_id).data.tags
    assert tags["recreated_from"] == results.record.run_id != sent.run_id
    with completed_run(content_of(results), {}) as again:
        pass
    assert (again.run_id, again.recreated, again.epochs) == (sent.run_id, False, 0)


def test_the_reports_are_those_of_the_pipeline_before_registration(results: PipelineResults) -> None:
    logged = {path.name for path in content_of(results).files["reports"]}
    assert {"metrics.json", "predictions.csv", "data_docs"} <= logged
    assert not {"registry.json", ".draft", "crossval"} & logged


def test_a_model_that_is_not_there_is_named(results: PipelineResults) -> None:
    MODEL_INT8.unlink()
    with pytest.raises(CaptchaOcrError, match=r"^models/model\.int8\.onnx does not exist: .*`dvc checkout`"):
        content_of(results)


def test_of_a_fit_alone_no_report_of_an_earlier_network_is_logged(results: PipelineResults) -> None:
    content = fit_content(results, PARAMS, RECORD, REPORTS / "history.csv")
    assert content.metrics == {}
    assert [path.name for paths in content.files.values() for path in paths] == [
        "history.csv",
        "run.json",
        "params.yaml",
    ]
