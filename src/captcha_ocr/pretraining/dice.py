"""Random choices in the words that the renderer needs, cheaper than NumPy's own for single values."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from math import exp, log
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


class Dice:
    """Draws from one seeded generator, `rng`."""

    def __init__(self, *seed: int) -> None:
        """Equal seeds give equal draws."""
        self.rng = np.random.Generator(np.random.PCG64(seed))
        self._next = self.rng.random

    def chance(self, probability: float) -> bool:
        return self._next() < probability

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self._next()

    def log_between(self, low: float, high: float) -> float:
        """Uniform in the logarithm: between 1 and 4, half of all draws are below 2."""
        return exp(self.between(log(low), log(high)))

    def spread(self, width: float) -> float:
        """Between -`width` and `width`."""
        return width * (2 * self._next() - 1)

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int((high - low + 1) * self._next())

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[int(len(choices) * self._next())]

    def weighted(self, choices: dict[Choice, float]) -> Choice:
        """One of the keys; the values are their weights."""
        sums = list(accumulate(choices.values()))
        return list(choices)[min(bisect(sums, self._next() * sums[-1]), len(sums) - 1)]
