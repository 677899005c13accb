"""Makes one trial in a separate process, because TensorFlow frees the memory of a fit only when its process ends."""

import os
import signal
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.paths import PICTURES, SPLITS
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.stage import exit_on_error
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.samples import load_samples
from captcha_ocr.params.params import Params
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.sweep.studies import RUN_ID, VALUES, ended_trials, load_study, next_trial
from captcha_ocr.sweep.trials import run_trial, train_params_with
from captcha_ocr.tracking.sweeps import close_trial, log_epoch, trial_run
from captcha_ocr.train.epoch_loop import Observer
from captcha_ocr.train.train import train


@dataclass(frozen=True)
class Sweep:
    """What the trials of a sweep share.

    folder: of the studies. study: its name. run_id: of the study's MLflow run. origin: tags for the pictures.
    """

    folder: Path
    study: str
    run_id: str
    params: Params
    origin: Mapping[str, str]


def _prepared_fit(train_params: TrainParams, alphabet: str) -> Callable[[Observer], Any]:
    """Loads the pictures; returns a function that fits `train_params` with a given observer."""
    splits = Splits.read(SPLITS)
    training, validation = (
        load_samples(splits.side(side, PictureShards(PICTURES)), train_params.input_size)
        for side in ("train", "validation")
    )
    return lambda observer: train(training, validation, Codec(alphabet), train_params, observer)


def _try_next(sweep: Sweep, number: int) -> None:
    """Draws parameters for the trial `number`, fits a network with them, and logs the result."""
    params, objective = sweep.params, sweep.params.sweep.objective
    study = load_study(sweep.folder, sweep.study, params.sweep)
    trial = next_trial(study, params.sweep)
    values = trial.user_attrs[VALUES]
    train_params = train_params_with(params.train, values)
    fit = _prepared_fit(train_params, params.text.alphabet)
    with trial_run(number, sweep.run_id, params, train_params, sweep.origin) as run_id:
        trial.set_user_attr(RUN_ID, run_id)
        print(
            f"trial {number} of {params.sweep.trials}: {', '.join(f'{k} {v}' for k, v in values.items())}", flush=True
        )
        run_trial(study, trial, objective, train_params, fit, log_epoch)
    close_trial(ended_trials(study)[-1], objective)


def _end_with_parent() -> None:
    """Ends this process as soon as its parent has ended."""
    parent = parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def _run_process(sweep: Sweep, number: int) -> None:
    """Runs in the new process. It ends when its parent ends, even if the parent is killed."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    exit_on_error(lambda: _try_next(sweep, number))


def make_trial(sweep: Sweep, number: int) -> None:
    """Makes the trial `number` and waits for it. Raises CaptchaOcrError if its process was killed."""
    process = get_context("spawn").Process(target=_run_process, args=(sweep, number), daemon=True)
    interrupt = signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # inherited by the process: only the parent reacts to Ctrl-C
    process.start()
    signal.signal(signal.SIGINT, interrupt)
    process.join()
    if process.exitcode is None or process.exitcode < 0:
        raise CaptchaOcrError(
            f"the process of trial {number} was killed (exit code {process.exitcode}), perhaps for lack of memory: "
            "free memory, or lower the batch sizes; the next `make sweep` resumes with this trial"
        )
    if process.exitcode:
        raise SystemExit(process.exitcode)  # the process has printed the reason
