"""Architectures on the same split, each to the end of its recipe: `make compare`.

Each is a DVC experiment `compare-NAME`, so one that has not changed comes out of DVC's cache; its model is registered
under a name of its own and never becomes the champion of the project's. Writes reports/comparison/ and one MLflow run
above those of the experiments.
"""

import argparse
import json
import subprocess
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
from captcha_ocr.compare import architectures as comparison
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import load_params
from captcha_ocr.tracking.groups import group_runs

FOLDER = REPORTS / "comparison"
AnyArtifact = TypeVar("AnyArtifact", bound=Artifact)


def experiment(name: str) -> str:
    return f"compare-{name}"


def run_experiment(name: str, changes: list[str], model_name: str) -> None:
    """The whole pipeline with this architecture, in a copy of the project."""
    subprocess.run(["dvc", "exp", "remove", "--quiet", experiment(name)], check=False, capture_output=True)
    settings = [f"train.architecture={name}", f"register.model_name={model_name}", *changes]
    command = ["dvc", "exp", "run", "--temp", "--name", experiment(name)]
    print(f"--- {name}", flush=True)
    done = subprocess.run([*command, *(word for s in settings for word in ("--set-param", s))], check=False)
    if done.returncode:
        raise CaptchaOcrError(f"the experiment with {name} failed, for the reason above")


def content(name: str, path: Path) -> bytes:
    """A file of the experiment with the architecture `name`."""
    read: bytes = dvc.api.read(path.as_posix(), rev=experiment(name), mode="rb")
    return read


def artifact(name: str, kind: type[AnyArtifact], path: Path) -> AnyArtifact:
    return kind.parse(content(name, path), f"{experiment(name)}: {path}")


def result_of(name: str) -> comparison.Result:
    return comparison.Result(
        name,
        artifact(name, Metrics, REPORTS / Metrics.file_name),
        artifact(name, RunRecord, RECORD),
        artifact(name, History, REPORTS / History.file_name),
        content(name, MODEL),
    )


def report(names: list[str]) -> None:
    """Table, plot and parent run of experiments that have been run."""
    results = [result_of(name) for name in names]
    test = artifact(names[0], Splits, SPLITS).side("test", PictureShards(PICTURES))
    pictures = {r.name: load_samples(test, r.record.input_size).inputs for r in results}
    frame = comparison.table(results, comparison.latencies(results, pictures))
    with replacing(FOLDER / "comparison.csv") as draft:
        frame.to_csv(draft, index=False)
    write_json(FOLDER / "comparison.json", json.loads(frame.to_json(orient="records")))
    write_text(FOLDER / "comparison.md", comparison.as_markdown(frame))
    comparison.draw(frame, {r.name: r.history for r in results}, FOLDER / "comparison.png")
    metrics = {f"{row.architecture}.exact_match": row.exact_match for row in frame.itertuples()}
    files = sorted(path for path in FOLDER.iterdir() if not path.name.startswith("."))
    group_runs(load_params(PARAMS).register_.experiment, "compare", map(experiment, names), metrics, files)
    print((FOLDER / "comparison.md").read_text(encoding="utf-8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", help="values of train.architecture")
    parser.add_argument("--model-name", default="captcha-ocr-comparison", help="where the models are registered")
    parser.add_argument("-S", "--set-param", action="append", default=[], help="as for `dvc exp run`, for all of them")
    parser.add_argument("--report-only", action="store_true", help="of experiments that have been run")
    args = parser.parse_args()
    for name in args.names if not args.report_only else []:
        run_experiment(name, args.set_param, args.model_name)
    report(args.names)


if __name__ == "__main__":
    exit_on_error(main)
