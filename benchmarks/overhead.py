"""What tracking, reports and registration add to bare training: `python benchmarks/overhead.py`, after `make repro`.

Bare training loads the pictures, fits by the recipe of params.yaml and saves the network. Against it stand the stage
`train`, which logs to MLflow, and then the stages `report` and `register`, each a process of its own as in `dvc repro`.
Takes the results of the other stages as they are, writes to a temporary folder, and logs to the store's experiment
`overhead`. Writes reports/benchmarks/overhead.json.
"""

import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from captcha_ocr.artifacts.paths import MODEL, MODEL_INT8, PARAMS, PICTURES, PROVENANCE, REPORTS, SPLITS
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_json
from captcha_ocr.base.stage import exit_on_error

BARE = """
from captcha_ocr.base.quiet import quiet_native_logs
quiet_native_logs()
import sys
from pathlib import Path
from captcha_ocr.artifacts.paths import PICTURES, SPLITS
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.params.params import load_params
from captcha_ocr.network.samples import load_samples
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.model_file import save_network
from captcha_ocr.train.train import train

params, splits = load_params(Path(sys.argv[1])), Splits.read(SPLITS)
train_params = complete_train_params(params.train)
shards, size = PictureShards(PICTURES), train_params.input_size
sides = (load_samples(splits.side(side, shards), size) for side in ("train", "validation"))
done = train(*sides, Codec(params.text.alphabet), train_params, lambda epoch: print(epoch.line(), flush=True))
save_network(done.network, Path(sys.argv[2]))
"""
NAME = "overhead"
OUTPUT = REPORTS / "benchmarks" / "overhead.json"


def seconds(*words: str | Path) -> float:
    """How long a Python process takes, from its start to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True)
    return time.perf_counter() - started


def options(**paths: str | Path) -> list[str]:
    return [word for name, path in paths.items() for word in (f"--{name}", str(path))]


def own_params(path: Path) -> None:
    """Those of the project, but for the names in MLflow."""
    values = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    values["register"] |= {"experiment": NAME, "model_name": f"captcha-ocr-{NAME}"}
    path.write_text(yaml.safe_dump(values), encoding="utf-8")


def main() -> None:
    if not REPORTS.is_dir():
        raise CaptchaOcrError(f"{REPORTS} does not exist: there is no pipeline run to measure. Run `make repro` first")
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        reports = folder / "reports"
        shutil.copytree(REPORTS, reports, ignore=shutil.ignore_patterns("benchmarks", "crossval", "comparison"))
        own_params(params := folder / "params.yaml")
        record = folder / "run.json"
        data = options(params=params, pictures=PICTURES, provenance=PROVENANCE, record=record)
        splits = options(splits=SPLITS)
        network = folder / "model.keras"
        fitted = options(model=network, history=reports / "history.csv", events=folder / "events", url="overhead")
        models = options(model=MODEL, small=MODEL_INT8, network=network)
        bare = seconds("-c", BARE, params, network)
        stages = {
            "train": seconds("stages/train.py", *data, *splits, *fitted),
            "report": seconds("stages/report.py", *data, *options(reports=reports)),
            "register": seconds(
                "stages/register.py",
                *data,
                *splits,
                *models,
                *options(reports=reports, output=folder / "registry.json"),
            ),
        }
        epochs = RunRecord.read(record).epochs
    found = {"machine": f"{platform.machine()}, {os.cpu_count()} cores", "epochs": epochs, "bare": bare, **stages}
    found["overhead"] = sum(stages.values()) - bare
    write_json(OUTPUT, found)
    print({key: round(value, 1) if isinstance(value, float) else value for key, value in found.items()})


if __name__ == "__main__":
    exit_on_error(main)
