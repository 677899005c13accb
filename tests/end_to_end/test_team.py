"""A team's store: real PostgreSQL, real MLflow with basic authentication, clones of one project, and kill -9.

The tests share one server and run in this order; pytest-xdist keeps a file's tests on one worker.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import mlflow
import pandas as pd
import pytest
import requests
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from requests import HTTPError

from captcha_ocr.artifacts.history import History
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import champions
from captcha_ocr.register.registered_file import registered_file
from captcha_ocr.register.registry import load_registered
from tests.conftest import Project, read
from tests.modules import ROOT
from tests.packed import unpacked
from tests.servers import PASSWORD, USER, TrackingServer
from tests.stores import key_pair, replace_file


@pytest.fixture(scope="module")
def member(project: Project, server: TrackingServer, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A second member of the team, whose clone has pulled what the first one pushed, and knows the server."""
    folder = tmp_path_factory.mktemp("team")
    project.run("git", "add", "--all")
    project.run("git", "commit", "--quiet", "--message", "A recorded pipeline run")
    project.run("dvc", "remote", "add", "--local", "--default", "team", str(folder / "remote"))
    project.run("dvc", "push")
    clone = project.clone(folder / "clone")
    clone.run("dvc", "remote", "add", "--local", "--default", "team", str(folder / "remote"))
    clone.run("dvc", "pull")
    clone.environment.update(server.client)
    return clone


@pytest.fixture(scope="module")
def store(server: TrackingServer) -> Iterator[MlflowClient]:
    """The server, as these tests look at it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.client.items():
            patch.setenv(name, value)
        mlflow.set_tracking_uri(server.uri)
        yield MlflowClient()
        mlflow.set_tracking_uri(None)


def assert_complete(store: MlflowClient, run_id: str, history: Path) -> None:
    """FINISHED, and each metric of each epoch is there once, as in history.csv."""
    assert store.get_run(run_id).info.status == "FINISHED"
    frame = pd.read_csv(history, float_precision="round_trip").set_index("epoch")
    for name in frame.columns:
        logged = [(metric.step, metric.value) for metric in store.get_metric_history(run_id, name)]
        assert sorted(logged) == list(frame[name].items()), name


def test_a_clone_that_has_pulled_has_nothing_to_compute(member: Project) -> None:
    assert member.repro() == set()
    assert not (member.folder / "pictures").exists()


def test_the_server_tells_a_stranger_nothing(member: Project, server: TrackingServer) -> None:
    assert requests.get(f"{server.uri}/api/2.0/mlflow/experiments/search", timeout=30).status_code == 401
    said = member.run("captcha-ocr", "champions", fails=True, MLFLOW_TRACKING_PASSWORD="a wrong password")
    assert said.startswith(f"error: the MLflow server at {server.uri} refuses the user {USER} (401)")
    assert "MLFLOW_TRACKING_PASSWORD" in said
    assert "does not answer" not in said


def test_what_was_pulled_is_registered_at_the_team_s_server_and_signed(
    member: Project, server: TrackingServer, store: MlflowClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = key_pair(tmp_path, "ours")
    member.environment["CAPTCHA_OCR_SIGNING_KEY"] = str(key)
    member.set_parameter("register.signing", "key")
    member.set_parameter("register.trusted_key", str(key.with_suffix(".pub")))
    assert member.repro() == {"register"}
    decision, record = read(member, "reports/registry.json"), read(member, "models/run.json")
    run = store.get_run(decision["run_id"])
    assert run.data.tags["recreated_from"] == record["run_id"] != decision["run_id"]
    assert run.data.params["train.epochs"] == "4"
    assert run.data.tags["device"]
    assert_complete(store, decision["run_id"], member.folder / "reports" / "history.csv")
    assert {"report.html", "history.csv"} <= {
        Path(item.path).name for item in store.list_artifacts(decision["run_id"], "reports")
    }
    assert str(store.get_model_version_by_alias("captcha-ocr", "champion").version) == decision["champion"]
    assert requests.get(server.uri, auth=(USER, PASSWORD), timeout=30).text.startswith("<!doctype html>")
    (picture,) = unpacked(member.folder / "data" / "pictures", tmp_path, 1)
    monkeypatch.setenv("CAPTCHA_OCR_TRUSTED_KEY", str(key.with_suffix(".pub")))
    from_server = load_registered("models:/captcha-ocr@champion").read(picture)
    assert from_server == Recognizer.load(member.folder / "models" / "model.onnx").read(picture)
    said = member.run("captcha-ocr", "sync")  # there is nothing left to send
    assert f"run {decision['run_id']} at {server.uri}: sent 0 of 4 epochs, 0 parameters and 0 files" in said


def made_user(role: str, name: str) -> None:
    """By deploy/users.py, as the administrator that `store` is."""
    command = [sys.executable, str(ROOT / "deploy" / "users.py"), role, name]
    subprocess.run(command, input=f"{PASSWORD}\n", text=True, check=True, capture_output=True)


def test_a_member_reads_the_champion_and_cannot_replace_it_but_a_publisher_can(
    server: TrackingServer, store: MlflowClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    champion = store.get_model_version_by_alias("captcha-ocr", "champion")
    experiment = store.get_run(str(champion.run_id)).info.experiment_id
    made_user("publisher", "publisher")
    made_user("member", "member")
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "member")
    content, number = registered_file("models:/captcha-ocr@champion"), str(champion.version)
    attempts: list[Callable[[], object]] = [
        lambda: replace_file("captcha-ocr", number, b"another file"),
        lambda: store.set_model_version_tag("captcha-ocr", number, "onnx_sha256", "0" * 64),
        lambda: store.delete_model_version_tag("captcha-ocr", number, "onnx_sha256"),
        lambda: store.set_registered_model_alias("captcha-ocr", "champion", number),
        lambda: store.create_model_version("captcha-ocr", str(champion.source), str(champion.run_id)),
        lambda: store.delete_model_version("captcha-ocr", number),
        lambda: store.delete_registered_model("captcha-ocr"),
        lambda: champions.try_promotion("captcha-ocr", number, "mine", 1),
        lambda: store.create_run(experiment),
        lambda: store.log_text(str(champion.run_id), "another file", "models/model.onnx"),
    ]
    for attempt in attempts:
        with pytest.raises((MlflowException, HTTPError, CaptchaOcrError), match=r"403|[Ff]orbid|[Pp]ermission"):
            attempt()
    assert registered_file("models:/captcha-ocr@champion") == content
    own = store.create_run(store.create_experiment("of-member")).info.run_id
    store.log_text(own, "", "models/model.onnx")
    store.create_registered_model("captcha-ocr-of-member")

    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "publisher")
    store.log_text(store.create_run(experiment).info.run_id, "", "models/model.onnx")
    store.set_registered_model_alias("captcha-ocr", "champion", number)
    with pytest.raises(MlflowException, match="403"):
        store.delete_model_version("captcha-ocr", number)


def test_a_server_that_is_killed_ends_no_training_and_sync_completes_the_run(
    member: Project, server: TrackingServer, store: MlflowClient
) -> None:
    member.set_parameter("train.epochs", 6)
    process = subprocess.Popen(
        ["dvc", "repro", "train"],
        cwd=member.folder,
        env=member.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("epoch   2"):
            server.kill()
    assert process.wait() == 0, said
    assert said.count("does not answer") == 1
    assert "Traceback" not in said
    assert "WARNING" not in said
    history = member.folder / "reports" / "history.csv"
    assert len(History.read(history)) == 6
    away = member.run("captcha-ocr", "sync", fails=True)
    assert away.startswith(f"error: the MLflow server at {server.uri} does not answer ([Errno 111] Connection refused)")
    server.start()
    run_id = read(member, "models/run.json")["run_id"]
    assert store.get_run(run_id).info.status == "RUNNING"
    said = member.run("captcha-ocr", "sync")
    assert f"run {run_id} at {server.uri}: sent" in said
    assert "sent 0 of" not in said
    assert_complete(store, run_id, history)


def test_two_pipelines_at_once_make_two_versions_and_one_champion(
    request: pytest.FixtureRequest, project: Project, store: MlflowClient, tmp_path: Path
) -> None:
    if not request.config.getoption("server"):
        pytest.skip("two whole pipelines take minutes: make story")
    clones = [project.clone(tmp_path / name) for name in ("one", "other")]
    for seed, clone in enumerate(clones):
        shutil.copytree(project.folder / "pictures", clone.folder / "pictures")
        clone.set_parameter("train.seed", seed)
        clone.set_parameter("register.model_name", "raced")
    racers = [
        subprocess.Popen(
            ["dvc", "repro"],
            cwd=clone.folder,
            env=clone.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for clone in clones
    ]
    said = [racer.communicate()[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0], said
    decisions = [read(clone, "reports/registry.json") for clone in clones]
    assert {decision["version"] for decision in decisions} == {"1", "2"}
    for clone, decision in zip(clones, decisions, strict=True):
        assert_complete(store, decision["run_id"], clone.folder / "reports" / "history.csv")
    listed = clones[0].run("captcha-ocr", "champions", "--name", "raced").splitlines()
    versions = [line.split()[1] for line in listed]
    assert sorted(versions) == sorted(decision["version"] for decision in decisions if decision["promoted"])
    assert str(store.get_model_version_by_alias("raced", "champion").version) == versions[-1]
