"""A constraint in the form that a search can ask: may this symbol follow, and can what remains still be written?"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import BLANK

State = TypeVar("State", bound=Hashable)

DEAD = -1
MAX_STATES = 10_000  # far more than any pattern that people write has


@dataclass(frozen=True)
class Automaton:
    """S states, of which 0 is the start, over K classes, of which the blank is never a symbol.

    transitions: [S, K], the next state or DEAD; accepting: [S].
    needed: [S, K], the fewest further time steps to acceptance after a path whose last step was the class: a symbol,
    which its own repetition must be parted from by a blank, or the blank, after which anything may follow at once.
    """

    description: str
    transitions: NDArray[np.int64]
    accepting: NDArray[np.bool_]
    needed: NDArray[np.float64]

    def check_fits(self, time_steps: int) -> None:
        """Raises CaptchaOcrError where no text that satisfies the constraint fits into `time_steps`."""
        fewest = self.needed[0, BLANK]
        if np.isinf(fewest):
            raise CaptchaOcrError(f"no text satisfies {self.description}: loosen the one part or the other")
        if fewest > time_steps:
            raise CaptchaOcrError(
                f"{self.description} needs {fewest:.0f} time steps at least, and the network has {time_steps}: "
                "allow shorter texts, or train with a greater train.width"
            )


def explore(
    start: State,
    follow: Callable[[State, int], State | None],
    accepts: Callable[[State], bool],
    classes: int,
    name: str,
) -> Automaton:
    """The automaton of all states reached from `start`; `follow` gives the next state for a class, or None."""
    numbers, queue, rows = {start: 0}, [start], []
    for state in queue:  # grows while it is walked through
        row = [DEAD] * classes
        for k in range(1, classes):
            if (reached := follow(state, k)) is not None:
                if reached not in numbers:
                    numbers[reached] = len(queue)
                    queue.append(reached)
                row[k] = numbers[reached]
        rows.append(row)
        if len(queue) > MAX_STATES:
            raise CaptchaOcrError(f"{name} has more than {MAX_STATES} states: write it shorter")
    transitions, accepting = np.array(rows), np.array([accepts(state) for state in queue])
    return Automaton(name, transitions, accepting, _steps_needed(transitions, accepting))


def _steps_needed(transitions: NDArray[np.int64], accepting: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Bellman's equation, iterated until nothing changes: a symbol costs a step, and one more where it repeats."""
    states, classes = transitions.shape
    ways = transitions != DEAD
    cost = 1 + np.eye(classes)  # [last class, next class]
    cost[BLANK] = 1
    needed = np.full((states, classes), np.inf)
    needed[accepting] = 0
    while True:
        onward = np.where(ways, needed[transitions, np.arange(classes)], np.inf)  # [S, next class]
        better = np.minimum(needed, (cost[None] + onward[:, None]).min(axis=2))
        if np.array_equal(better, needed):
            return needed
        needed = better
