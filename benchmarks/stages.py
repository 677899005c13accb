"""Seconds and memory of each stage: `python benchmarks/stages.py --pictures 50000 --folder /tmp/stages`.

Renders captchas into a zip in the folder, unless it is there from an earlier call, and copies the project beside it.
The copy trains for a twentieth of an epoch. Then each stage runs by `dvc repro`, and at last `dvc repro` with nothing
to do. Memory is the largest resident set of any process of a stage, which counts the pages of loaded libraries. Prints
a table and writes stages.json into the folder.
"""

import os
import random
import shutil
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import yaml
from tqdm import tqdm

from captcha_ocr.base.files import replacing, write_json
from captcha_ocr.base.stage import run_stage
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.params.params import TextParams, load_params
from captcha_ocr.pictures.input_size import InputSize

STAGES = ("locate", "fetch", "validate", "split", "overview", "train", "evaluate", "export", "report", "register")
PORTION = 250  # captchas that a process renders at a time
SIZE = InputSize(200, 50)
SHORT = {"epochs": 1, "epoch_steps": 125, "plateau_epochs": 0}  # 2,000 of 40,000 pictures
GATE = {"min_exact_match": 0.0, "max_cer": 1.0, "max_ece": 1.0, "max_milliseconds": 10_000}
EVERY = 0.05  # seconds between looks at the memory


@dataclass(frozen=True)
class Arguments:
    pictures: int
    folder: Path


@dataclass(frozen=True)
class Cost:
    """What a command took. gigabytes: of the process with the most; a gigabyte is 10^9 bytes."""

    seconds: float
    gigabytes: float


def _rendered(job: tuple[int, TextParams]) -> list[tuple[str, bytes]]:
    """PORTION captchas by their names; the first of `job` is the seed."""
    seed, text = job
    with TemporaryDirectory() as temporary:
        folder = Path(temporary) / "captchas"
        render_captchas(folder, PORTION, text, SIZE, seed)
        return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def render(path: Path, count: int, text: TextParams) -> None:
    """A zip of `count` captchas, each named by its label."""
    names: set[str] = set()
    numbers = random.Random(0)
    with (
        ProcessPoolExecutor() as pool,
        replacing(path) as draft,
        zipfile.ZipFile(draft, "w") as packed,
        tqdm(desc="render", unit="captcha", total=count, disable=None) as bar,
    ):
        while len(names) < count:
            jobs = [(numbers.randrange(2**32), text) for _ in range(2 * (os.cpu_count() or 1))]
            for name, content in (pair for found in pool.map(_rendered, jobs) for pair in found):
                if name not in names and len(names) < count:
                    names.add(name)
                    packed.writestr(zipfile.ZipInfo(name), content)
                    bar.update()


def copy_project(folder: Path, source: Path, count: int) -> None:
    """The files that git knows, with a repository of their own and parameters for `source`."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    for name in listed:
        if name != "dvc.lock" and Path(name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, folder / name)
    values = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    values["text"] |= {"min_length": 4, "max_length": 6}
    values["fetch"] |= {"source": str(source), "max_unpacked_mb": 100_000, "max_pictures": count}
    values["validate"]["max_rows"] = count
    values["train"] |= SHORT
    values["register"] |= GATE | {"allow_synthetic": True}
    (folder / "params.yaml").write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    identity = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost"]
    for words in (["init", "--quiet"], ["add", "--all"], [*identity, "commit", "--quiet", "--message", "copy"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended since
        return 0


def measured(folder: Path, *words: str) -> Cost:
    """The cost of a command in `folder`, and of all processes below it."""
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    started, most = time.perf_counter(), 0
    with psutil.Popen(words, cwd=folder, env=environment, stdout=sys.stderr) as command:
        while command.poll() is None:
            below = command.children(recursive=True)
            most = max(most, *map(_resident, [command, *below]))
            time.sleep(EVERY)
        seconds = time.perf_counter() - started
    if command.returncode:
        sys.exit(f"error: {' '.join(words)} failed in {folder}")
    return Cost(seconds, most / 1e9)


def main(args: Arguments) -> None:
    text = load_params(Path("params.yaml")).text.model_copy(update={"min_length": 4, "max_length": 6})
    source, project = (args.folder / f"captchas{args.pictures}.zip").resolve(), args.folder / "project"
    if not source.exists():
        render(source, args.pictures, text)
    shutil.rmtree(project, ignore_errors=True)
    copy_project(project, source, args.pictures)
    costs = {stage: measured(project, "dvc", "repro", "--single-item", stage) for stage in STAGES}
    costs["nothing to do"] = measured(project, "dvc", "repro")
    print(f"| stage, {args.pictures:,} pictures | seconds | peak memory |\n|---|---|---|")
    for stage, cost in costs.items():
        print(f"| {stage} | {cost.seconds:.1f} | {cost.gigabytes:.2f} GB |")
    write_json(args.folder / "stages.json", {stage: vars(cost) for stage, cost in costs.items()})


if __name__ == "__main__":
    run_stage(main, Arguments, __doc__)
