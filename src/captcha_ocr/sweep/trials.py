"""Trials: recipes with other values, fitted, judged by the validation split, and stopped where they fall behind."""

from collections.abc import Callable, Mapping
from typing import Any

import keras
import optuna
from optuna.trial import TrialState
from pydantic import ValidationError

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.network.architectures import complete_train_params
from captcha_ocr.params.recipe import TrainParams, TrainSection
from captcha_ocr.params.section import complaints
from captcha_ocr.params.sweep import SweepParams, Value, corners
from captcha_ocr.sweep.studies import ERROR
from captcha_ocr.train.epoch_loop import Observer
from captcha_ocr.train.stopping import best_epoch, should_stop


def train_params_with(section: TrainSection, values: Mapping[str, Value]) -> TrainParams:
    """The train parameters of `section` with `values`; raises CaptchaOcrError where they cannot be fitted."""
    try:
        return complete_train_params(TrainSection.model_validate({**section.model_dump(), **values}))
    except ValidationError as error:
        raise CaptchaOcrError(f"section train refuses\n{complaints(error, TrainSection)}") from None


def check_ranges(section: TrainSection, sweep: SweepParams) -> None:
    """Raises CaptchaOcrError naming the first values within the ranges that no network can be fitted with."""
    for values in corners(sweep.ranges):
        try:
            train_params_with(section, values)
        except CaptchaOcrError as error:
            named = ", ".join(f"{key} = {value}" for key, value in values.items())
            raise CaptchaOcrError(f"sweep.ranges allows {named}: {error}. Narrow the ranges") from None


def study_basis(sweep: SweepParams, train_params: TrainParams, **others: Any) -> dict[str, Any]:
    """What two trials must have in common to be compared: all but the number of trials and the values tried."""
    rules = {f"sweep.{key}": value for key, value in sweep.model_dump(exclude={"trials", "ranges"}).items()}
    ranges = {f"sweep.ranges.{key}": values.model_dump() for key, values in sweep.ranges.items()}
    fixed = {f"train.{key}": value for key, value in train_params.model_dump(exclude=set(sweep.ranges)).items()}
    return rules | ranges | fixed | others | {"backend": keras.backend.backend()}


def run_trial(
    study: optuna.Study,
    trial: optuna.Trial,
    objective: str,
    train_params: TrainParams,
    fit: Callable[[Observer], Any],
    log: Callable[[Epoch], None],
) -> None:
    """Fits by `fit`, which takes an observer of its epochs, and tells the study what came of it.

    After each epoch the trial stands where it would if this were the last: at the `objective` of its best epoch so
    far. Where the pruner finds that too high, the fit ends. One that fails with CaptchaOcrError, such as a loss that
    is not finite, is a failed trial; anything else is raised.
    """
    history: list[Epoch] = []

    def value() -> float:
        return float(getattr(best_epoch(history, train_params.monitor), objective))

    def observe(epoch: Epoch) -> None:
        history.append(epoch)
        log(epoch)
        trial.report(value(), epoch.epoch)
        if not should_stop(history, train_params) and trial.should_prune():
            raise optuna.TrialPruned

    try:
        fit(observe)
        study.tell(trial, value())
    except optuna.TrialPruned:
        study.tell(trial, state=TrialState.PRUNED)
    except CaptchaOcrError as error:
        trial.set_user_attr(ERROR, " ".join(str(error).split()))  # one line of a table
        study.tell(trial, state=TrialState.FAIL)
