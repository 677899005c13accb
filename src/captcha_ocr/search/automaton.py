"""A constraint as a finite automaton.

It tells a search which symbols may follow, and how many time steps the rest of the text needs at least.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import BLANK

State = TypeVar("State", bound=Hashable)

DEAD = -1
MAX_STATES = 10_000  # far more than patterns have in practice


@dataclass(frozen=True)
class Automaton:
    """S states, of which 0 is the start, over K classes. The blank is not a symbol: no transition belongs to it.

    description: the constraint in words, for messages. transitions: [S, K], the next state or DEAD. accepting: [S],
    whether the text may end in this state. needed: [S, K], the fewest further time steps to an accepting state, by the
    class of the path's last time step. After a symbol, the same symbol again costs one step more, for the blank between
    them. needed is infinite where no accepting state can be reached.
    """

    description: str
    transitions: NDArray[np.int64]
    accepting: NDArray[np.bool_]
    needed: NDArray[np.float64]

    def check_fits(self, time_steps: int) -> None:
        """Raises CaptchaOcrError if no text that satisfies the constraint fits into `time_steps`."""
        fewest = self.needed[0, BLANK]
        if np.isinf(fewest):
            raise CaptchaOcrError(f"no text satisfies {self.description}: loosen one of its parts")
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
    """Builds the automaton of all states that can be reached from `start`.

    `follow(state, class)` gives the next state, or None where the class may not follow. `accepts(state)` tells whether
    the text may end there. Raises CaptchaOcrError, with `name`, if there are more than MAX_STATES states.
    """
    numbers, queue, rows = {start: 0}, [start], []
    for state in queue:  # the loop appends to it
        row = [DEAD] * classes
        for k in range(1, classes):
            if (reached := follow(state, k)) is not None:
                if reached not in numbers:
                    numbers[reached] = len(queue)
                    queue.append(reached)
                row[k] = numbers[reached]
        rows.append(row)
        if len(queue) > MAX_STATES:
            raise CaptchaOcrError(f"{name} has more than {MAX_STATES} states: allow fewer repetitions")
    transitions, accepting = np.array(rows), np.array([accepts(state) for state in queue])
    return Automaton(name, transitions, accepting, _steps_needed(transitions, accepting))


def _steps_needed(transitions: NDArray[np.int64], accepting: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Automaton.needed, [S, K].

    A symbol costs one time step, and two where it repeats the last one. Bellman's equation with these costs is iterated
    until nothing changes.
    """
    states, classes = transitions.shape
    allowed = transitions != DEAD
    cost = 1 + np.eye(classes)  # [last class, next class]
    cost[BLANK] = 1
    needed = np.full((states, classes), np.inf)
    needed[accepting] = 0
    while True:
        after_next = np.where(allowed, needed[transitions, np.arange(classes)], np.inf)  # [S, next class]
        better = np.minimum(needed, (cost[None] + after_next[:, None]).min(axis=2))
        if np.array_equal(better, needed):
            return needed
        needed = better
