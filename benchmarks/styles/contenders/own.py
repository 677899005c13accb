"""This project: what a user gets who adopts the labelled pictures and fits, with the settings in place of the recipe's.

Runs in the project's own environment. It takes what `captcha-ocr adopt` decides on the labelled pictures, and follows
it where it only asks (`FOLLOWED`); then it fits as the stage `train` does.
"""

import time

STARTED = time.perf_counter()

from captcha_ocr.base.quiet import quiet_native_logs

quiet_native_logs()

import csv
import os
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from captcha_ocr.adopt.adoption import adopt
from captcha_ocr.artifacts.paths import PARAMS, PIN
from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.params import Params, load_params
from captcha_ocr.params.recipe import TrainParams, TrainSection
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.train.schedule import steps_per_epoch
from captcha_ocr.train.train import train

from .exchange import Answer, Example, Task, answer_task

# What a user sets who reads what `adopt` is unsure of, and looks at the pictures.
FOLLOWED = {"train.lines": 2, "train.channels": 3}


def _lay_out(examples: list[Example], folder: Path) -> None:
    """A source as a user has it: pictures, and a table of their labels."""
    folder.mkdir()
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["file", "text"])
        for path, text in examples:
            os.link(path, folder / Path(path).name)
            table.writerow([Path(path).name, text])


def adopted(examples: list[Example], folder: Path) -> tuple[Params, dict[str, int]]:
    """The parameters for the labelled pictures, and those values that follow a doubt, by key of `train`."""
    _lay_out(examples, folder / "labelled")
    file = folder / "params.yaml"
    file.write_bytes(PARAMS.read_bytes())
    found = adopt(str((folder / "labelled").resolve()), file, read_pin(PIN).archive, dry_run=False)
    followed = {doubt.key: FOLLOWED[doubt.key] for doubt in found.doubts if doubt.key in FOLLOWED}
    return load_params(file), {key.removeprefix("train."): value for key, value in followed.items()}


def _inputs(paths: list[str], input_size: InputSize) -> np.ndarray:
    return np.stack([to_input(pixels_of(Path(path), path), input_size) for path in paths])


def _samples(examples: list[Example], input_size: InputSize) -> Samples:
    paths, texts = [path for path, _ in examples], [text for _, text in examples]
    return Samples(paths, texts, _inputs(paths, input_size))


def _fitted(task: Task, params: TrainParams, codec: Codec) -> Answer:
    training, validation = (_samples(list(side), params.input_size) for side in (task.training, task.validation))
    done = train(training, validation, codec, params, lambda epoch: print(epoch.line(), flush=True))
    seconds = time.perf_counter() - STARTED
    logits = read_logits(done.network, _inputs(list(task.judged), params.input_size))
    found = read_greedily(logits, codec, done.record.temperature)
    return Answer(
        texts=found.texts,
        seconds=seconds,
        confidences=found.confidences.tolist(),
        epochs=len(done.history),
        steps=len(done.history) * steps_per_epoch(len(training.labels), params),
        notes={"input_size": str(params.input_size), "temperature": done.record.temperature},
    )


def contender(task: Task, folder: Path) -> Answer:
    """Adopts, fits and reads. What stops a fit is answered, too: a fit that reads nothing is a result."""
    try:
        with TemporaryDirectory(dir=folder) as own:
            params, followed = adopted([*task.training, *task.validation], Path(own))
        section = params.train.model_dump() | followed | {"seed": task.seed} | dict(task.settings)
        train_params = complete_train_params(TrainSection.model_validate(section))
        return _fitted(task, train_params, Codec(params.text.alphabet))
    except CaptchaOcrError as error:
        return Answer([""] * len(task.judged), time.perf_counter() - STARTED, error=str(error))


if __name__ == "__main__":
    answer_task(contender)
