"""The whole pipeline on small rendered pictures: real DVC, real MLflow, real second processes.

The tests share one project and run in this order; pytest-xdist keeps a file's tests on one worker.
"""

import json
import os
import signal
import subprocess
from pathlib import Path

import mlflow
import numpy as np
import onnx
import pandas as pd
import pytest
import yaml
from mlflow import MlflowClient

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.recognizer import Recognizer
from tests.conftest import Project, read, register_command, stage_command

ANNOUNCED = {"dvc.lock", "reports/metrics.json", "reports/parity.json", "reports/validation.json"}


def test_every_output_is_there_and_git_shows_only_what_the_readme_announces(project: Project) -> None:
    stages = yaml.safe_load((project.folder / "dvc.yaml").read_text())["stages"].values()
    listed = [out for stage in stages for out in (*stage["outs"], *stage.get("metrics", []))]
    outputs = [next(iter(out)) if isinstance(out, dict) else out for out in listed]
    assert all((project.folder / out).exists() for out in outputs)
    assert (project.folder / "reports" / "data_docs" / "index.html").exists()
    changed = {line[3:] for line in project.run("git", "status", "--porcelain", "-uall").splitlines()}
    assert changed <= ANNOUNCED


def test_metrics_are_those_of_the_predictions_with_their_interval(project: Project) -> None:
    metrics = read(project, "reports/metrics.json")
    predictions = pd.read_csv(project.folder / "reports" / "predictions.csv", dtype={"label": str, "text": str})
    assert metrics["samples"] == len(predictions)
    assert metrics["exact_match"] == (predictions["label"] == predictions["text"]).mean()
    assert metrics["exact_match_low"] <= metrics["exact_match"] <= metrics["exact_match_high"]
    assert metrics["cer"] == predictions["edit_distance"].sum() / (3 * len(predictions))


def test_confidence_is_reported_with_its_calibration(project: Project) -> None:
    metrics, record = read(project, "reports/metrics.json"), read(project, "models/run.json")
    assert metrics["temperature"] == record["temperature"]
    assert 0 <= metrics["ece"] <= 1
    coverage = pd.read_csv(project.folder / "reports" / "risk_coverage.csv")
    whole = coverage.iloc[-1]
    assert (whole["pictures"], whole["exact_match"]) == (metrics["samples"], metrics["exact_match"])


def test_nothing_runs_twice(project: Project) -> None:
    assert project.repro() == set()


def test_one_mlflow_run_holds_the_whole_pipeline_run(project: Project) -> None:
    mlflow.set_tracking_uri(project.store)
    client = MlflowClient()
    run = client.get_run(read(project, "models/run.json")["run_id"])
    assert run.info.status == "FINISHED"
    assert run.data.params["train.epochs"] == "4"
    tags = run.data.tags
    for tag in ("git_commit", "dvc_lock_sha256", "data_digest", "device", "backend", "precision"):
        assert tags[tag], tag
    assert (tags["data_origin"], tags["architecture"], tags["git_dirty"]) == ("own", "compact", "false")
    history = pd.read_csv(project.folder / "reports" / "history.csv")
    logged = client.get_metric_history(run.info.run_id, "val_cer")
    assert [(m.step, m.value) for m in logged] == list(zip(history["epoch"], history["val_cer"], strict=True))
    assert run.data.metrics["test.exact_match"] == read(project, "reports/metrics.json")["exact_match"]
    assert any(name.startswith("system/") for name in run.data.metrics)
    (data,) = run.inputs.dataset_inputs
    assert read(project, "data/provenance.json")["content_digest"].startswith(data.dataset.digest)
    artifacts = {
        item.path for folder in ("reports", "models") for item in client.list_artifacts(run.info.run_id, folder)
    }
    assert {
        "reports/report.html",
        "reports/model_card.md",
        "reports/worst.png",
        "reports/data_docs",
        "models/model.onnx",
    } <= artifacts


def test_the_model_is_registered_with_signature_and_aliases(project: Project) -> None:
    mlflow.set_tracking_uri(project.store)
    client, decision = MlflowClient(), read(project, "reports/registry.json")
    assert decision["promoted"]
    assert decision["champion"] == decision["version"]
    for alias in ("challenger", "champion"):
        assert str(client.get_model_version_by_alias("captcha-ocr", alias).version) == decision["version"]
    info = mlflow.models.get_model_info("models:/captcha-ocr@champion")
    assert info.signature.inputs.input_names() == ["image"]
    assert info.signature.outputs.input_names() == ["text", "confidence", "error"]
    assert info.saved_input_example_info is not None


def test_the_exported_file_reads_alone_what_the_network_read(project: Project) -> None:
    recognizer = Recognizer.load(project.folder / "models" / "model.onnx")
    predictions = pd.read_csv(project.folder / "reports" / "predictions.csv", dtype=str, keep_default_na=False)
    readings = recognizer.read([project.folder / "pictures" / name for name in predictions["file"]], batch_size=7)
    assert [r.text for r in readings] == predictions["text"].tolist()
    np.testing.assert_allclose([r.confidence for r in readings], predictions["confidence"].astype(float), atol=1e-4)
    for reading, reported in zip(readings, predictions["symbol_confidence"], strict=True):
        np.testing.assert_allclose(reading.symbol_confidences, [float(x) for x in reported.split()], atol=1e-3)


def test_the_exported_file_carries_what_a_reader_needs(project: Project) -> None:
    model = onnx.load(project.folder / "models" / "model.onnx")
    facts = json.loads(next(p.value for p in model.metadata_props if p.key == "captcha_ocr"))
    assert (facts["alphabet"], facts["blank"], facts["image"]) == (
        "2345",
        0,
        {"width": 96, "height": 32, "channels": 1, "fit": "stretch", "lines": 1},
    )
    assert facts["data_digest"] == read(project, "data/provenance.json")["content_digest"]
    assert facts["parameters"]["train"]["epochs"] == 4
    assert facts["temperature"] == read(project, "models/run.json")["temperature"]
    assert facts["git_commit"] == project.run("git", "rev-parse", "HEAD").strip()
    assert facts["precision"] == "float32"
    with pytest.raises(CaptchaOcrError, match="does not exist"):
        Recognizer.load(project.folder / "models" / "other.onnx")


def train_paths(target: Path) -> dict[str, str | Path]:
    """The options of the train stage, with its outputs in `target`."""
    return {
        "params": "params.yaml",
        "pictures": "data/pictures",
        "splits": "data/splits.csv",
        "provenance": "data/provenance.json",
        "pin": "data.dvc",
        "start": "data/start",
        "model": target / "model.keras",
        "record": target / "run.json",
        "history": target / "history.csv",
        "events": target / "tensorboard",
    }


def without_seconds(path: Path) -> pd.DataFrame:
    """The history without its clock."""
    return pd.read_csv(path).drop(columns="seconds")


def test_a_killed_fit_resumes_and_ends_as_if_it_had_not_been(project: Project, tmp_path: Path) -> None:
    """The pipeline's own run is the one that was not killed, so this also shows that two runs agree."""
    command = stage_command("train", train_paths(tmp_path))
    process = subprocess.Popen(command, cwd=project.folder, env=project.environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("epoch   3"):  # the state of epoch 2 is on disk, that of epoch 3 may be
            os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / "model.keras").exists()
    assert "resuming after epoch" in project.run(*command)
    pd.testing.assert_frame_equal(
        without_seconds(tmp_path / "history.csv"),
        without_seconds(project.folder / "reports" / "history.csv"),
        check_exact=True,
    )
    assert not list((project.folder / ".checkpoints").iterdir())


def test_a_fit_on_jax_is_exported_on_tensorflow(project: Project, tmp_path: Path) -> None:
    project.run(*stage_command("train", train_paths(tmp_path)), KERAS_BACKEND="jax")
    assert json.loads((tmp_path / "run.json").read_text())["device"]["backend"] == "jax"
    inputs = {"pictures": "data/pictures", "splits": "data/splits.csv", "record": tmp_path / "run.json"}
    inputs |= {"network": tmp_path / "model.keras", "params": "params.yaml"}
    outputs = {"model": "model.onnx", "small": "model.int8.onnx", "parity": "parity.json", "report": "export.json"}
    written = {option: tmp_path / name for option, name in outputs.items()}
    project.run(*stage_command("export", inputs | written))
    assert json.loads((tmp_path / "parity.json").read_text())["text_mismatches"] == 0


def test_parameters_re_run_just_the_stages_behind_them(project: Project) -> None:
    for name, value in {"fetch.attempts": 3, "register.max_cer": 0.99, "validate.min_contrast": 29}.items():
        project.set_parameter(name, value)
    assert project.repro() == {"fetch", "validate", "report", "register"}


@pytest.mark.parametrize(
    ("module", "stages"),
    [("validate/near_duplicates.py", {"validate"}), ("report/document.py", {"report"})],
)
def test_an_edit_of_a_module_re_runs_the_stages_that_import_it(project: Project, module: str, stages: set[str]) -> None:
    path = project.folder / "src" / "captcha_ocr" / module
    code = path.read_text()
    path.write_text(code + "\n# an edit\n")
    changed = project.run("dvc", "status", "--json", "dvc.yaml")
    path.write_text(code)
    assert set(json.loads(changed)) - {"locate"} == stages


def test_dvc_compares_and_plots(project: Project) -> None:
    project.set_parameter("train.patience", 9)
    assert "train.patience" in project.run("dvc", "params", "diff")
    project.set_parameter("train.patience", None)
    assert "exact_match" in project.run("dvc", "metrics", "show")
    page = project.run("dvc", "plots", "show", "--out", "plots").strip().splitlines()[-1]
    html = Path(page.removeprefix("file://")).read_text()
    for title in ("CTC loss by epoch", "Character error rate", "Learning rate", "Symbols of the test split"):
        assert title in html


def test_look_alikes_never_become_champion(project: Project, tmp_path: Path) -> None:
    """Provenance says synthetic, and the gate objects."""
    provenance = tmp_path / "provenance.json"
    provenance.write_text(json.dumps(read(project, "data/provenance.json") | {"origin": "synthetic"}))
    model = onnx.load(project.folder / "models" / "model.onnx")
    model.doc_string = "Not the file that is champion already."
    onnx.save(model, tmp_path / "model.onnx")
    said = project.run(*register_command(tmp_path / "model.onnx", tmp_path / "registry.json", provenance))
    assert "challenger only: the pictures are rendered look-alikes" in said
    assert not json.loads((tmp_path / "registry.json").read_text())["promoted"]


def test_a_bad_picture_stops_the_pipeline_with_its_name(project: Project) -> None:
    bad = project.folder / "pictures" / "999_9.png"
    bad.write_bytes(b"no picture")
    said = project.run("dvc", "repro", fails=True)
    assert "label_alphabet: 1 wrong: 999_9.png (999)" in said
    assert "decodes: 1 wrong: 999_9.png" in said
    assert "Running stage 'split'" not in said
    assert "Traceback" not in said
    bad.unlink()
    assert project.repro() <= {"fetch", "validate"}
