"""Architectures on the same split, each to the end of its own recipe and of this project's: `make compare`.

Each fit is a DVC experiment `compare-ARCHITECTURE-RECIPE`, so one that has not changed comes out of DVC's cache; its
model is registered under a name of its own and never becomes the champion of the project's. Writes reports/comparison/
and one MLflow run above those of the experiments.
"""

import os

from captcha_ocr.network.lean_keras import import_keras

ENVIRONMENT = os.environ.copy()  # of the experiments
# Here, only the recipes are asked for, and NumPy starts faster than a backend that trains.
os.environ["KERAS_BACKEND"] = "numpy"
import_keras()

import argparse
import itertools
import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

import dvc.api

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.metrics import Metrics
from captcha_ocr.artifacts.paths import MODEL, PARAMS, PICTURES, RECORD, REPORTS, SPLITS
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing, write_json, write_text
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.base.yaml_text import parse_yaml
from captcha_ocr.compare import architectures as comparison
from captcha_ocr.compare.fits import RECIPES, ComparedFit, announcement
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import load_params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.sweep.trials import train_params_with
from captcha_ocr.tracking.groups import group_runs

FOLDER = REPORTS / "comparison"
AnyArtifact = TypeVar("AnyArtifact", bound=Artifact)


def planned_params(fit: ComparedFit, changes: Sequence[str]) -> TrainParams:
    """Raises CaptchaOcrError where there is no such fit."""
    named = (change.removeprefix("train.").partition("=") for change in changes if change.startswith("train."))
    values = {key: parse_yaml(text, f"train.{key}") for key, _, text in named}
    return train_params_with(load_params(PARAMS).train, {**values, **asdict(fit)})


def announce(fits: Sequence[ComparedFit], changes: Sequence[str]) -> None:
    pictures = int((Splits.read(SPLITS).split == "train").sum()) if SPLITS.exists() else None
    print(announcement({fit: planned_params(fit, changes) for fit in fits}, pictures), flush=True)


def run_experiment(fit: ComparedFit, changes: list[str], model_name: str) -> None:
    """The whole pipeline with this architecture and recipe, in a copy of the project."""
    subprocess.run(["dvc", "exp", "remove", "--quiet", fit.experiment], check=False, capture_output=True)
    named = [*(f"train.{key}={value}" for key, value in asdict(fit).items()), f"register.model_name={model_name}"]
    settings = [word for setting in (*changes, *named) for word in ("--set-param", setting)]
    command = ["dvc", "exp", "run", "--temp", "--name", fit.experiment, *settings]
    if subprocess.run(command, check=False, env=ENVIRONMENT).returncode:
        raise CaptchaOcrError(f"the experiment with {fit} failed, for the reason above")


def content(fit: ComparedFit, path: Path) -> bytes:
    """A file of the fit's experiment."""
    read: bytes = dvc.api.read(path.as_posix(), rev=fit.experiment, mode="rb")
    return read


def artifact(fit: ComparedFit, kind: type[AnyArtifact], path: Path) -> AnyArtifact:
    return kind.parse(content(fit, path), f"{fit.experiment}: {path}")


def result_of(fit: ComparedFit) -> comparison.Result:
    return comparison.Result(
        fit,
        artifact(fit, Metrics, REPORTS / Metrics.file_name),
        artifact(fit, RunRecord, RECORD),
        artifact(fit, History, REPORTS / History.file_name),
        content(fit, MODEL),
    )


def report(fits: Sequence[ComparedFit]) -> None:
    """Table, plot and parent run of experiments that have been run."""
    results = [result_of(fit) for fit in fits]
    test = artifact(fits[0], Splits, SPLITS).side("test", PictureShards(PICTURES))
    pictures = {r.fit: load_samples(test, r.record.input_size).inputs for r in results}
    frame = comparison.table(results, comparison.latencies(results, pictures))
    with replacing(FOLDER / "comparison.csv") as draft:
        frame.to_csv(draft, index=False)
    write_json(FOLDER / "comparison.json", json.loads(frame.to_json(orient="records")))
    write_text(FOLDER / "comparison.md", comparison.as_markdown(frame))
    comparison.draw(results, FOLDER / "comparison.png")
    metrics = {f"{row.architecture}.{row.recipe}.exact_match": row.exact_match for row in frame.itertuples()}
    files = sorted(path for path in FOLDER.iterdir() if not path.name.startswith("."))
    group_runs(load_params(PARAMS).register_.experiment, "compare", [fit.experiment for fit in fits], metrics, files)
    print((FOLDER / "comparison.md").read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", help="values of train.architecture")
    parser.add_argument("--recipes", nargs="+", choices=RECIPES, default=list(RECIPES), help="values of train.recipe")
    parser.add_argument("--model-name", default="captcha-ocr-comparison", help="where the models are registered")
    parser.add_argument("-S", "--set-param", action="append", default=[], help="as for `dvc exp run`, for all of them")
    parser.add_argument("--report-only", action="store_true", help="of experiments that have been run")
    args = parser.parse_args()
    fits = [ComparedFit(*words) for words in itertools.product(args.names, args.recipes)]
    if not args.report_only:
        announce(fits, args.set_param)
        for number, fit in enumerate(fits, 1):
            print(f"--- {number} of {len(fits)}: {fit}", flush=True)
            run_experiment(fit, args.set_param, args.model_name)
    report(fits)


if __name__ == "__main__":
    exit_on_error(main)
