"""Experiments on the small project: in copies, in folds, and a sweep. They share it and run in this order."""

import os
import signal
import subprocess
import sys

import mlflow
import pandas as pd
from mlflow import MlflowClient

from tests.conftest import Project, read
from tests.modules import ROOT


def test_architectures_are_experiments_in_copies_below_one_run_of_the_real_store(project: Project) -> None:
    """With one that takes colour pictures and writes TensorBoard events, by this project's recipe.

    It is the default network, which is exported much faster than one with LSTMs.
    """
    name = read(project, "models/run.json")["architecture"]
    before = read(project, "models/run.json")["run_id"]
    mlflow.set_tracking_uri(project.store)
    client = MlflowClient()
    champion = client.get_model_version_by_alias("captcha-ocr", "champion").version
    script = str(ROOT / "benchmarks" / "architectures.py")
    changes = ("epochs=1", "batch_size=16", "channels=3", "tensorboard=true")
    words = [word for change in changes for word in ("-S", f"train.{change}")]
    said = project.run(sys.executable, script, name, "--recipes", "project", *words)
    assert said.index("Fits, 1 in all") < said.index("--- 1 of 1") < said.index(f"| `{name}` | this project's |")
    (row,) = read(project, "reports/comparison/comparison.json")
    assert (row["architecture"], row["recipe"], row["epochs"]) == (name, "project", 1)
    assert row["samples"] == read(project, "reports/metrics.json")["samples"]
    (parent,) = mlflow.search_runs(
        experiment_names=["captcha-ocr"], filter_string="attributes.run_name = 'compare'", output_format="list"
    )
    (child,) = mlflow.search_runs(
        experiment_names=["captcha-ocr"],
        filter_string=f"tags.`mlflow.parentRunId` = '{parent.info.run_id}'",
        output_format="list",
    )
    assert child.data.tags["architecture"] == name
    given = {"architecture": name, "recipe": "project", "pretrained": "False", "channels": "3", "epochs": "1"}
    assert {key: child.data.params[f"train.{key}"] for key in given} == given
    assert parent.data.metrics == {f"{name}.project.exact_match": row["exact_match"]}
    assert "comparison.png" in {item.path for item in client.list_artifacts(parent.info.run_id)}
    assert client.list_artifacts(child.info.run_id, "reports/tensorboard")
    assert client.get_model_version_by_alias("captcha-ocr", "champion").version == champion
    assert child.info.run_name == f"compare-{name}-project"
    assert child.data.tags["dvc_experiment"] in project.run("dvc", "exp", "list")
    assert f"of {row['samples']} test pictures read exactly" in child.data.tags["mlflow.note.content"]
    assert "test.exact_match" in child.data.metrics
    assert read(project, "models/run.json")["run_id"] == before


def test_every_picture_is_read_by_a_network_that_never_saw_it(project: Project) -> None:
    plan = project.folder / "crossval" / "params.yaml"
    plan.write_text("seeds: [0]\nfolds: [0, 1]\nvalidation: 0.1\n")
    project.set_parameter("train.epochs", 1)
    project.run(sys.executable, "crossval/run.py")
    predictions = pd.read_csv(project.folder / "reports" / "crossval" / "predictions.csv", dtype={"label": str})
    manifest = pd.read_csv(project.folder / "data" / "manifest.csv", dtype={"label": str})
    assert sorted(predictions["file"]) == sorted(manifest["file"])
    metrics = read(project, "reports/crossval/crossval.json")
    assert metrics["all"]["samples"] == len(manifest) == metrics["labels_that_stand"]["samples"]
    assert metrics["all"]["exact_match"] == (predictions["edit_distance"] == 0).mean()
    doubtful = pd.read_csv(project.folder / "reports" / "crossval" / "audit.csv")
    assert set(doubtful["file"]) == set(predictions.loc[predictions["edit_distance"] > 0, "file"])
    for sheet in ("audit.png", "audited.png"):
        assert (project.folder / "reports" / "crossval" / sheet).exists()
    assert "crossval" not in project.run("dvc", "status")  # the plain pipeline knows nothing of it
    project.run("git", "checkout", "crossval", "params.yaml")


def test_a_killed_sweep_resumes_and_its_best_trial_is_a_ready_command(project: Project) -> None:
    """The trial that was killed is tried again with the same values, and those before it are not."""
    sweep = {"trials": 2, "min_epochs": 1, "ranges": {"learning_rate": {"low": 0.001, "high": 0.01, "log": True}}}
    for key, value in sweep.items():
        project.set_parameter(f"sweep.{key}", value)
    project.set_parameter("train.epochs", 1)
    command = [sys.executable, "sweep/study.py"]
    process = subprocess.Popen(command, cwd=project.folder, env=project.environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:  # ends when the trial's own process has ended, too
        if line.startswith("trial 2 of 2"):
            os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    said = project.run(*command)
    assert "1 of 2 trials have ended" in said
    assert "trial 1 of 2" not in said

    trials = pd.read_csv(project.folder / "reports" / "sweep" / "trials.csv")
    assert trials["state"].tolist() == ["complete", "complete"]
    best = trials.loc[trials["val_loss"].idxmin()]
    line = (project.folder / "reports" / "sweep" / "best.txt").read_text().strip()
    assert line == f"dvc exp run -S train.learning_rate={best['train.learning_rate']}" == said.strip().splitlines()[-1]
    for plot in ("history.png", "importance.png"):
        assert (project.folder / "reports" / "sweep" / plot).stat().st_size

    mlflow.set_tracking_uri(project.store)
    client = MlflowClient()
    (study,) = mlflow.search_runs(
        experiment_names=["captcha-ocr"], filter_string="tags.sweep LIKE 'sweep-%'", output_format="list"
    )
    runs = mlflow.search_runs(
        experiment_names=["captcha-ocr"],
        filter_string=f"tags.`mlflow.parentRunId` = '{study.info.run_id}'",
        order_by=["attributes.start_time"],
        output_format="list",
    )
    assert [(run.info.run_name, run.data.tags["trial_state"], run.info.status) for run in runs] == [
        ("trial-1", "complete", "FINISHED"),
        ("trial-2", "killed", "KILLED"),
        ("trial-2", "complete", "FINISHED"),
    ]
    assert runs[1].data.params == runs[2].data.params != runs[0].data.params
    assert float(runs[0].data.params["train.learning_rate"]) == trials["train.learning_rate"][0]
    pipeline = client.get_run(read(project, "models/run.json")["run_id"])
    assert set(runs[0].data.params) == set(pipeline.data.params)
    assert len(client.get_metric_history(runs[0].info.run_id, "val_loss")) == trials["epochs"][0]
    assert study.data.tags["best.command"] == line
    assert study.data.tags["best.run_id"] == best["run_id"]
    assert study.data.metrics["best.val_loss"] == best["val_loss"]
    artifacts = {item.path for item in client.list_artifacts(study.info.run_id, "reports")}
    assert {"reports/trials.csv", "reports/history.png", "reports/importance.png"} <= artifacts
    project.run("git", "checkout", "params.yaml")
