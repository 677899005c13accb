"""What came of a sweep's trials, and how that is said to the user."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from captcha_ocr.params.sweep import Value

State = Literal["complete", "pruned", "failed"]


def command(values: Mapping[str, Value]) -> str:
    """The `dvc exp run` that trains with `values` of the section `train`, ready for a shell."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return " ".join(["dvc exp run", *(f"-S {shlex.quote(f'train.{key}={text}')}" for key, text in texts.items())])


@dataclass(frozen=True)
class Trial:
    """A trial that ended: complete, stopped early (pruned) or failed.

    `value` is the objective at its best epoch, nan where it failed. `values` are those it tried, by key of `train`.
    """

    number: int
    state: State
    value: float
    epochs: int
    seconds: float
    values: Mapping[str, Value]
    run_id: str
    error: str

    def line(self, objective: str) -> str:
        """For the user who follows the sweep."""
        ended = self.error if self.state == "failed" else f"{objective} {self.value:.4g} after {self.epochs} epochs"
        return f"{self.state}: {ended}, {self.seconds:.0f} s"


def best_trial(trials: Sequence[Trial]) -> Trial | None:
    """The complete trial of the lowest value, the first among equals; None where no trial is complete."""
    complete = [trial for trial in trials if trial.state == "complete"]
    return min(complete, key=lambda trial: trial.value, default=None)


def seconds_left(trials: Sequence[Trial], wanted: int) -> float:
    """Until `wanted` trials have ended, if each of the rest takes as long as the mean of `trials`."""
    return (wanted - len(trials)) * sum(trial.seconds for trial in trials) / len(trials)
