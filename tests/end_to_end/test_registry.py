"""Registry, champions, comparison and serving, on a small project of their own: real MLflow, real second processes.

The tests share one project and run in this order; pytest-xdist keeps a file's tests on one worker.
"""

import base64
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import mlflow
import onnx
import pandas as pd
import pytest
import requests
from mlflow import MlflowClient
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.registered_file import registered_file
from tests.conftest import Project, read, register_command
from tests.servers import free_port


def test_the_registered_model_reads_base64_and_names_bad_rows(project: Project) -> None:
    mlflow.set_tracking_uri(project.store)
    model = mlflow.pyfunc.load_model("models:/captcha-ocr@champion")
    predictions = pd.read_csv(project.folder / "reports" / "predictions.csv", dtype=str, keep_default_na=False)
    files = [(project.folder / "pictures" / name).read_bytes() for name in predictions["file"]]
    rows = [base64.b64encode(file).decode() for file in files]
    answer = model.predict(pd.DataFrame({"image": [*rows, "no base64", base64.b64encode(b"no picture").decode()]}))
    assert [row["text"] for row in answer[:-2]] == predictions["text"].tolist()
    assert all(row["error"] is None for row in answer[:-2])
    for number in (len(rows), len(rows) + 1):
        assert answer[number]["text"] is None
        assert answer[number]["error"].startswith(f"row {number}: ")
    with pytest.raises(Exception, match="1025 rows in one request, and 1024 are allowed"):
        model.predict(pd.DataFrame({"image": ["x"] * 1025}))


@pytest.fixture
def hostile_code(project: Project) -> Iterator[None]:
    """For a test, the code that is stored beside the registered models ends whichever process runs it."""
    stored = [file for file in (project.folder / "mlruns").rglob("*.py") if file.name == "served_model.py"]
    assert stored or "MLFLOW_TRACKING_URI" in project.environment  # with --server they are elsewhere
    contents = {file: file.read_bytes() for file in stored}
    for file in stored:
        file.write_text("import os\n\nos._exit(9)\n")
    yield
    for file, content in contents.items():
        file.write_bytes(content)


@pytest.mark.usefixtures("hostile_code")
def test_the_champion_is_served_over_http_without_running_code_that_is_stored_beside_it(project: Project) -> None:
    """As `make serve` runs it: a second process, and requests through a socket."""
    port = free_port()
    files = sorted((project.folder / "pictures").iterdir())[:3]
    rows = [[base64.b64encode(file.read_bytes()).decode()] for file in files] + [["no picture"]]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        ["make", "--old-file", ".venv/.ready", "serve", f"PORT={port}"],
        cwd=project.folder,
        env=project.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        retrying = Retrying(stop=stop_after_delay(90), wait=wait_fixed(0.5), retry=retry_if_exception_type(OSError))
        assert retrying(requests.get, f"{address}/ping", timeout=5).status_code == 200
        answer = requests.post(
            f"{address}/invocations", json={"dataframe_split": {"columns": ["image"], "data": rows}}, timeout=30
        ).json()["predictions"]
        wanted = Recognizer.load(project.folder / "models" / "model.onnx").read(files)
        assert [row["text"] for row in answer] == [*(reading.text for reading in wanted), None]
        assert [row["confidence"] for row in answer[:-1]] == pytest.approx([r.confidence for r in wanted], rel=1e-3)
        assert answer[-1]["error"].startswith("row 3: ")
        for columns, data, said in (
            (["picture"], rows, "extra inputs: ['picture']"),
            (["image"], [["x"]] * 1025, "1024 are allowed"),
        ):
            wrong = {"dataframe_split": {"columns": columns, "data": data}}
            refused = requests.post(f"{address}/invocations", json=wrong, timeout=30)
            assert refused.status_code == 400
            assert said in refused.text
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=30)


def test_the_champion_is_read_from_the_registry(project: Project) -> None:
    picture = next((project.folder / "pictures").iterdir())
    command = ("captcha-ocr", "read", str(picture), "--csv", "--model")
    from_file = project.run(*command, "models/model.onnx")
    assert project.run(*command, "models:/captcha-ocr@champion").endswith(from_file)
    assert "is not in the registry" in project.run(*command, "models:/captcha-ocr@other", fails=True)


def test_a_fit_can_start_from_the_champion_whose_network_is_then_held_fixed(project: Project) -> None:
    project.set_parameter("train.pretrained", "models:/captcha-ocr@champion")
    assert "the fit starts from models:/captcha-ocr@champion (version 1)" in project.run("dvc", "repro", "locate")
    copy = project.folder / "data" / "start" / "network.keras"
    assert copy.read_bytes() == (project.folder / "models" / "model.keras").read_bytes()
    assert "train" in project.run("dvc", "status", "train")
    project.set_parameter("train.pretrained", None)
    project.run("dvc", "repro", "locate")
    assert not copy.exists()


def champion_s_file(project: Project) -> bytes:
    """What `models:/captcha-ocr@champion` holds, by the way that a consumer takes."""
    mlflow.set_tracking_uri(project.store)
    return registered_file("models:/captcha-ocr@champion")


def test_the_worse_is_not_promoted_one_as_good_is_and_both_can_be_taken_back(project: Project, tmp_path: Path) -> None:
    first, good = read(project, "reports/registry.json")["version"], champion_s_file(project)
    assert good == (project.folder / "models" / "model.onnx").read_bytes()
    # A few dozen pictures prove little, so the margin is wide.
    for name, value in (("register.margin", 0.4), ("train.pretrained", False), ("train.epochs", 1)):
        project.set_parameter(name, value)
    said = project.run("dvc", "repro")
    behind_training = {"train", "evaluate", "export", "report", "register"}
    assert set(re.findall(r"Running stage '(\w+)'", said)) - {"locate"} == behind_training
    decision = read(project, "reports/registry.json")
    assert not decision["promoted"]
    assert decision["compared_with"] == first
    assert decision["comparison"]["only_second"] > decision["comparison"]["only_first"]
    assert "challenger only: it is not shown to be within 40 points of the champion" in said
    assert champion_s_file(project) == good

    model = onnx.load_from_string(good)
    model.doc_string = "Another file, which reads the same."
    onnx.save(model, tmp_path / "model.onnx")
    said = project.run(*register_command(tmp_path / "model.onnx", tmp_path / "registry.json"))
    second = json.loads((tmp_path / "registry.json").read_text())["version"]
    assert f"captcha-ocr version {second}, champion: " in said
    assert champion_s_file(project) == (tmp_path / "model.onnx").read_bytes() != good
    version = MlflowClient(project.store).get_model_version("captcha-ocr", second)
    assert version.description.startswith(f"version {second}, champion: ")
    assert version.tags["promoted"] == "true"

    make = ("make", "-o", ".venv/.ready")
    assert f"version {first} is champion again" in project.run(*make, "rollback", "REASON=it was only a test")
    assert champion_s_file(project) == good
    assert f"version {second} is champion" in project.run(*make, "promote", f"VERSION={second}", "REASON=so be it")
    project.run("captcha-ocr", "rollback", "--reason", "leave it as it was")
    promotions = project.run("captcha-ocr", "champions").splitlines()
    assert [line.split()[1] for line in promotions] == [first, second, first, second, first]
    assert promotions[2].endswith("rollback: it was only a test")
    assert "nothing to go back to" in project.run("captcha-ocr", "rollback", "--reason", "more", fails=True)


def test_two_recognisers_are_compared_by_run_alias_revision_and_workspace(project: Project, tmp_path: Path) -> None:
    run_id = read(project, "models/run.json")["run_id"]
    page = tmp_path / "versus.html"
    said = project.run("captcha-ocr", "compare", run_id, "models:/captcha-ocr@champion", "--html", str(page))
    assert "train.epochs: 1 | 4" in said
    assert "Both were scored on these pictures" in said
    assert "McNemar's p" in said
    assert "train.epochs" in page.read_text()
    assert "no parameter differs" in project.run("captcha-ocr", "compare", "workspace", run_id)
    project.run("git", "add", "dvc.lock", "params.yaml")
    project.run("git", "commit", "--quiet", "--message", "Another model")
    assert "no parameter differs" in project.run("captcha-ocr", "compare", "workspace", "HEAD")
    assert "unknown Git revision" in project.run("captcha-ocr", "compare", "workspace", "nowhere", fails=True)
