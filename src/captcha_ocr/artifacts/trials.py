"""The results of a sweep's trials, and their wording for the user."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from captcha_ocr.params.sweep import Value

State = Literal["complete", "pruned", "failed"]


def command(values: Mapping[str, Value]) -> str:
    """The `dvc exp run` command that trains with `values` of the section `train`, quoted for a shell."""
    texts = {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}
    return " ".join(["dvc exp run", *(f"-S {shlex.quote(f'train.{key}={text}')}" for key, text in texts.items())])


@dataclass(frozen=True)
class Trial:
    """A trial that has ended: complete, stopped early (pruned) or failed.

    value: the objective at its best epoch; nan if it failed. seconds: how long it took. values: the values it tried, by
    key of the section `train`. run_id: of its MLflow run. error: why it failed, otherwise empty.
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
        """The result in one line, for the user who follows the sweep."""
        result = self.error if self.state == "failed" else f"{objective} {self.value:.4g} after {self.epochs} epochs"
        return f"{self.state}: {result}, {self.seconds:.0f} s"


def best_trial(trials: Sequence[Trial]) -> Trial | None:
    """The complete trial with the lowest value, the first of equal ones; None if no trial is complete."""
    complete = [trial for trial in trials if trial.state == "complete"]
    return min(complete, key=lambda trial: trial.value, default=None)


def seconds_left(trials: Sequence[Trial], wanted: int) -> float:
    """Estimated seconds until `wanted` trials have ended, from the mean time of `trials`, which have ended."""
    return (wanted - len(trials)) * sum(trial.seconds for trial in trials) / len(trials)
