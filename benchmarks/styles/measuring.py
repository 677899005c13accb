"""Runs a job: the contender in a process of its own, its answer compared with the labels."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from captcha_ocr.base.files import write_json
from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture

from .contenders.exchange import Answer, Example, Task, read, write
from .environments import HERE, ROOT, interpreter, run
from .families import TEST, VALIDATION, Labelled, family, labelled, pictures
from .jobs import OWN, Contender, Job
from .results import Result, scored
from .split import split

SETS = {"test": TEST, "validation": VALIDATION}  # what a job may be judged on


def _flattened(picture: Path, folder: Path) -> str:
    """The path of the picture, or of a PNG file without transparency: others do not all read GIF, nor see alpha.

    What is transparent is laid over white, as a browser shows it.
    """
    opened = eight_bit(open_picture(picture, str(picture)), str(picture))
    if opened.mode != "RGBA" and picture.suffix != ".gif":
        return str(picture)
    path = folder / f"{picture.parent.name}-{picture.stem}.png"
    coloured = opened.convert("RGBA")
    Image.alpha_composite(Image.new("RGBA", coloured.size, "white"), coloured).convert("RGB").save(path)
    return str(path)


def _examples(rows: Sequence[Labelled], job: Job, folder: Path) -> list[Example]:
    own = job.contender.environment == OWN
    return [(str(row.path) if own else _flattened(row.path, folder), row.text) for row in rows]


def _task(job: Job, judged: Sequence[Labelled], folder: Path) -> Task:
    examples = labelled(family(job.family), job.labels, job.seed) if job.contender.learns else []
    training, validation = split(examples) if examples else ([], [])
    learnt, checked, seen = (_examples(rows, job, folder) for rows in (training, validation, judged))
    return Task(learnt, checked, [path for path, _ in seen], job.seed, job.contender.settings)


def _run(contender: Contender, task: Path, limit: float | None) -> None:
    if contender.environment == OWN:
        command = [sys.executable, "-m", f"benchmarks.styles.contenders.{contender.module}", str(task)]
        run(command, Path.cwd(), contender.name, limit)
    else:
        command = [str(interpreter(contender.environment)), "-m", f"styles.contenders.{contender.module}", str(task)]
        run(command, HERE.parent, contender.name, limit)


def _keep_readings(job: Job, answer: Answer, labels: Sequence[str]) -> None:
    """Keeps what was read, to look at what went wrong."""
    name = "-".join(map(str, job.key)).replace("/", "_")
    rows = {"labels": labels, "texts": answer.texts, "confidences": answer.confidences}
    write_json(ROOT / "readings" / f"{name}.json", rows)


def measure(job: Job, limit: float | None = None) -> Result:
    """Runs a job, of at most `limit` seconds; raises CaptchaOcrError if the contender's process fails."""
    judged = pictures(family(job.family), SETS[job.on])
    labels = [row.text for row in judged]
    ROOT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=ROOT, prefix="job-") as name:
        folder = Path(name)
        write(_task(job, judged, folder), folder / "task.json")
        _run(job.contender, folder / "task.json", limit)
        answer = read(Answer, folder / "answer.json")
    _keep_readings(job, answer, labels)
    return scored(job, answer, labels, len(os.sched_getaffinity(0)))
