"""Servers that are away; then runs and their epochs in a local store. A team server: end_to_end/test_team.py."""

import socket
import time
from collections.abc import Iterator

import pytest
from mlflow import MlflowClient

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.tracking.epochs import EpochLog, as_metrics, send_missing
from captcha_ocr.tracking.runs import training_run
from captcha_ocr.tracking.server_errors import address
from captcha_ocr.tracking.store import find_store, open_store
from tests.results import pipeline_results
from tests.servers import free_port
from tests.stores import local_store

HISTORY = [Epoch(n, 8 * n, 1 / n, 2 / n, 0.1, 0.7 + 1e-17, 1e-3 / 3, n + 0.125) for n in (1, 2, 3)]


def test_a_server_that_is_not_there_is_named_with_the_remedy_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    uri, started = f"http://127.0.0.1:{free_port()}", time.monotonic()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri.replace("//", "//ann:secret@"))
    with pytest.raises(CaptchaOcrError, match=r"Connection refused.*: start it, correct MLFLOW_TRACKING_URI") as raised:
        find_store()
    assert uri in str(raised.value)
    assert "secret" not in str(raised.value)
    assert time.monotonic() - started < 30  # and not the minutes for which MLflow would try


def test_a_server_that_stays_silent_is_waited_for_as_long_as_the_user_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
        with pytest.raises(CaptchaOcrError, match=r"does not answer .*timed out"):
            find_store()


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://ann:secret@mlflow.example.org/team", "https://mlflow.example.org/team"),
        ("sqlite:////project/mlruns/mlflow.db", "sqlite:////project/mlruns/mlflow.db"),
    ],
)
def test_a_store_is_shown_by_its_uri_without_the_password(
    monkeypatch: pytest.MonkeyPatch, uri: str, shown: str
) -> None:
    monkeypatch.setattr("mlflow.get_tracking_uri", lambda: uri)
    assert address() == shown


@pytest.fixture(scope="module")
def experiment_id(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An experiment in a store of its own."""
    with local_store(tmp_path_factory.mktemp("store")):
        yield open_store("readers")


@pytest.fixture
def run_id(experiment_id: str) -> str:
    """A run of it."""
    return str(MlflowClient().create_run(experiment_id).info.run_id)


def logged(run_id: str) -> list[tuple[str, int, float]]:
    """Each metric of each epoch, as the store has it."""
    found = [m for m in as_metrics(HISTORY[0], 0) for m in MlflowClient().get_metric_history(run_id, m.key)]
    return sorted((m.key, m.step, m.value) for m in found)


def test_epochs_that_are_missing_are_sent_once_and_exactly(run_id: str) -> None:
    log = EpochLog(MlflowClient(), run_id)
    log.add(HISTORY[1])
    log.close("FINISHED")
    assert MlflowClient().get_run(run_id).info.status == "FINISHED"
    assert {step for _, step, _ in logged(run_id)} == {2}
    assert [send_missing(MlflowClient(), run_id, HISTORY) for _ in range(2)] == [2, 0]
    assert logged(run_id) == sorted((m.key, m.step, m.value) for row in HISTORY for m in as_metrics(row, 0))


def test_a_store_that_takes_nothing_is_announced_once_and_ends_no_fit(
    run_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = EpochLog(MlflowClient(), run_id)
    MlflowClient().delete_run(run_id)  # a store that refuses, whatever the reason
    for row in HISTORY:
        log.add(row)
    log.close("FINISHED")
    assert capsys.readouterr().out.count("training continues") == 1
    MlflowClient().restore_run(run_id)
    assert MlflowClient().get_run(run_id).info.status == "RUNNING"
    assert send_missing(MlflowClient(), run_id, HISTORY) == 3


def test_a_resumed_fit_has_one_run_with_the_epochs_that_its_kill_kept_from_the_store(experiment_id: str) -> None:
    results = pipeline_results()
    given = (results.params, results.record.train, results.provenance, "https://example.org/a.zip")
    with training_run("ab12", [], *given) as log:
        log.add(HISTORY[0])
    with training_run("ab12", HISTORY[:2], *given) as resumed:
        resumed.add(HISTORY[2])
    assert resumed.run_id == log.run_id
    assert logged(log.run_id) == sorted((m.key, m.step, m.value) for row in HISTORY for m in as_metrics(row, 0))
