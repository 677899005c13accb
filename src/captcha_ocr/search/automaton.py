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
# Far more than patterns have in practice. They bound the memory to some 100 MB, and the time to seconds.
MAX_TRANSITIONS = 2**20  # states × classes
MAX_SIZE = 100_000  # of all states together: of how many parts their expressions consist


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
    size: Callable[[State], int],
    groups: NDArray[np.int64],
    name: str,
) -> Automaton:
    """Builds the automaton of all states that can be reached from `start`.

    `follow(state, class)` gives the next state, or None where the class may not follow. `accepts(state)` tells whether
    the text may end there, and `size(state)` how much work it is to follow. `groups`, [K], numbers the classes: all
    classes of a group lead to the same states, so that one of them is followed. The blank's is not used. Raises
    CaptchaOcrError, with `name`, beyond MAX_TRANSITIONS or MAX_SIZE.
    """
    _, firsts, columns = np.unique(groups[1:], return_index=True, return_inverse=True)
    numbers, queue, rows, total = {start: 0}, [start], [], 0
    for state in queue:  # the loop appends to it
        row = []
        for k in firsts + 1:
            reached = follow(state, int(k))
            if reached is not None and reached not in numbers:
                numbers[reached] = len(queue)
                queue.append(reached)
            row.append(DEAD if reached is None else numbers[reached])
        rows.append(row)
        total += size(state)
        _check_work(len(queue), len(groups), total, name)
    by_group, dead = np.array(rows, dtype=np.int64), np.full((len(rows), 1), DEAD, dtype=np.int64)
    transitions = np.concatenate([dead, by_group[:, columns]], axis=1)
    accepting = np.array([accepts(state) for state in queue])
    return Automaton(name, transitions, accepting, _steps_needed(transitions, accepting))


def _check_work(states: int, classes: int, size: int, name: str) -> None:
    """Raises CaptchaOcrError where an automaton of so many states takes too much time or memory."""
    if states * classes > MAX_TRANSITIONS:
        raise CaptchaOcrError(
            f"{name} has more than {MAX_TRANSITIONS:,} transitions with {classes:,} classes: allow fewer repetitions, "
            "or shorter texts"
        )
    if size > MAX_SIZE:
        raise CaptchaOcrError(
            f"{name} leads to states of more than {MAX_SIZE:,} parts: allow fewer repetitions, or fewer optional parts"
        )


def _predecessors(transitions: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """For each state those from which a symbol leads to it."""
    states = len(transitions)
    sources, symbols = np.nonzero(transitions != DEAD)
    targets, sources = np.divmod(np.unique(transitions[sources, symbols] * states + sources), states)
    return np.split(sources, np.searchsorted(targets, np.arange(1, states)))


def _needed_through_a_symbol(transitions: NDArray[np.int64], needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """The fewest time steps from some states, [R, K] by the last class, if a symbol follows; transitions: [R, K].

    A symbol costs one time step, and two where it repeats the last one. So only after the symbol that is best there is
    another number than after all others.
    """
    rows, classes = np.arange(len(transitions)), transitions.shape[1]
    after = np.where(transitions != DEAD, needed[transitions, np.arange(classes)], np.inf)  # [R, next class]
    best = after.argmin(axis=1)
    lowest = after[rows, best]
    after[rows, best] = np.inf
    found = np.repeat(lowest[:, None], classes, axis=1)
    found[rows, best] = np.minimum(lowest + 1, after.min(axis=1))
    return 1 + found


def _steps_needed(transitions: NDArray[np.int64], accepting: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Automaton.needed, [S, K]: Bellman's equation, iterated for the states that a change can reach."""
    predecessors = _predecessors(transitions)
    needed = np.full(transitions.shape, np.inf)
    needed[accepting] = 0
    changed = np.flatnonzero(accepting)
    while len(changed):
        before = np.unique(np.concatenate([predecessors[state] for state in changed]))
        better = np.minimum(needed[before], _needed_through_a_symbol(transitions[before], needed))
        lower = (better < needed[before]).any(axis=1)
        changed = before[lower]
        needed[changed] = better[lower]
    return needed
