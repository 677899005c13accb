"""Optuna's studies: what has been tried, kept so that a killed sweep resumes, and what is to be tried next."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from filelock import FileLock, Timeout
from optuna.distributions import (
    BaseDistribution,
    CategoricalDistribution,
    FloatDistribution,
    IntDistribution,
)
from optuna.trial import FrozenTrial, TrialState
from sqlalchemy import URL

from captcha_ocr.artifacts.trials import State, Trial
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing
from captcha_ocr.params.sweep import Range, Span, SweepParams, Value, kind_of

BASIS, VALUES, ERROR, RUN_ID = "basis", "values", "error", "run_id"  # attributes of a study, and of its trials
STATES: dict[TrialState, State] = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}


@contextmanager
def sole_use(folder: Path) -> Iterator[None]:
    """Holds `folder` for this process; the system lets go when it ends, however that may be.

    Raises CaptchaOcrError where another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        held = FileLock(folder / "lock").acquire(blocking=False)
    except Timeout:
        raise CaptchaOcrError(f"another sweep is running in {folder}: wait for it, or end it") from None
    with held:
        yield


def study_name(basis: Mapping[str, Any]) -> str:
    """The same for the same ranges, data and parameters."""
    return f"sweep-{hashlib.sha256(json.dumps(basis, sort_keys=True).encode()).hexdigest()[:12]}"


def _differing(basis: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*basis, *other} if basis.get(key) != other.get(key))


def load_study(folder: Path, name: str, sweep: SweepParams) -> optuna.Study:
    """The study `name` in `folder`, which `open_study` has made.

    It prunes by the median of trials at the same epoch, rather than by Hyperband's brackets: these need many more
    trials than one computer fits in a night.
    """
    pruner = optuna.pruners.MedianPruner(sweep.startup_trials, sweep.min_epochs)
    return optuna.load_study(study_name=name, storage=_storage(folder), pruner=pruner)


def _database(file: Path) -> optuna.storages.RDBStorage:
    return optuna.storages.RDBStorage(URL.create("sqlite", database=str(file)).render_as_string())


def _storage(folder: Path) -> optuna.storages.BaseStorage:
    """The studies in `folder`. A file of studies appears only when it has all of its tables."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file = folder.resolve() / "studies.db"
    if not file.exists():
        with replacing(file, durable=True) as draft:
            _database(draft).engine.dispose()
    try:
        return _database(file)
    except Exception as error:  # Optuna passes on what its database, and its migrations, raise
        reason = str(error).splitlines()[0]
        raise CaptchaOcrError(f"{file} holds no studies that this Optuna reads ({reason}): remove it") from error


def open_study(folder: Path, basis: Mapping[str, Any], sweep: SweepParams) -> tuple[optuna.Study, list[str]]:
    """The study of `basis` in `folder`, and, where it is new, what differs from the one before.

    A trial that was killed is marked as failed. Raises CaptchaOcrError where the file in `folder` is not Optuna's.
    """
    storage, name, basis = _storage(folder), study_name(basis), json.loads(json.dumps(basis))
    known = [s.user_attrs[BASIS] for s in optuna.get_all_study_summaries(storage) if BASIS in s.user_attrs]
    is_new = basis not in known
    optuna.create_study(storage=storage, study_name=name, load_if_exists=True).set_user_attr(BASIS, basis)
    study = load_study(folder, name, sweep)
    for killed in study.get_trials(states=(TrialState.RUNNING,)):
        study.tell(killed.number, state=TrialState.FAIL)
    return study, _differing(basis, known[-1]) if is_new and known else []


def _as_trial(number: int, trial: FrozenTrial) -> Trial:
    attributes, seconds = trial.user_attrs, trial.duration.total_seconds() if trial.duration else 0.0
    return Trial(
        number=number,
        state=STATES[trial.state],
        value=math.nan if trial.value is None else trial.value,
        epochs=len(trial.intermediate_values),
        seconds=seconds,
        values=attributes[VALUES],
        run_id=attributes.get(RUN_ID, ""),
        error=attributes.get(ERROR, ""),
    )


def ended_trials(study: optuna.Study) -> list[Trial]:
    """Those that were not killed, in order and counted from 1."""
    ended = study.get_trials(states=tuple(STATES))
    kept = [trial for trial in ended if trial.state != TrialState.FAIL or ERROR in trial.user_attrs]
    return [_as_trial(number, trial) for number, trial in enumerate(kept, start=1)]


def _distribution(key: str, values: Range) -> BaseDistribution:
    if not isinstance(values, Span):
        return CategoricalDistribution(values.choices)
    if kind_of(key) is int:
        return IntDistribution(int(values.low), int(values.high), log=values.log)
    return FloatDistribution(values.low, values.high, log=values.log)


def next_trial(study: optuna.Study, sweep: SweepParams) -> optuna.Trial:
    """Draws the next trial; its attribute VALUES holds what is to be fitted with.

    The draw depends on the sweep's seed, on how many trials have ended and on what they brought: so a trial that was
    killed is drawn again, with the same values.
    """
    seed = np.random.SeedSequence([sweep.seed, len(ended_trials(study))]).generate_state(1)[0]
    study.sampler = optuna.samplers.TPESampler(seed=int(seed), n_startup_trials=sweep.startup_trials)
    trial = study.ask({key: _distribution(key, values) for key, values in sweep.ranges.items()})
    trial.set_user_attr(VALUES, {key: _tidy(values, trial.params[key]) for key, values in sweep.ranges.items()})
    return trial


def _tidy(values: Range, drawn: Any) -> Value:
    return values.rounded(drawn) if isinstance(values, Span) and isinstance(drawn, float) else drawn
