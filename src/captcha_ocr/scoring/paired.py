"""Compares two recognisers on the same pictures: the difference of exact match, its interval and its significance."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from captcha_ocr.scoring.metrics import wilson_interval


@dataclass(frozen=True)
class Paired:
    """How many pictures both recognisers, only the first, only the second, or neither reads exactly."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def pictures(self) -> int:
        """The number of pictures compared."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def difference(self) -> float:
        """The exact match of the first minus that of the second, as a share of 1."""
        return (self.only_first - self.only_second) / self.pictures

    @property
    def p_value(self) -> float:
        """The two-sided p-value of McNemar's exact test (1947).

        It is the probability that a fair coin splits the pictures that only one reads at least as unevenly.
        """
        from scipy.stats import binomtest  # as in `wilson_interval`

        disagreements = self.only_first + self.only_second
        return float(binomtest(self.only_first, disagreements).pvalue) if disagreements else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the difference: method 10 of Newcombe (1998).

        It combines the Wilson intervals of both recognisers with the correlation of their paired readings.
        """
        n = self.pictures
        first, second = self.both + self.only_first, self.both + self.only_second
        (low1, high1), (low2, high2) = wilson_interval(first, n), wilson_interval(second, n)
        p1, p2 = first / n, second / n
        phi = self._correlation()
        below = (p1 - low1) ** 2 - 2 * phi * (p1 - low1) * (high2 - p2) + (high2 - p2) ** 2
        above = (p2 - low2) ** 2 - 2 * phi * (p2 - low2) * (high1 - p1) + (high1 - p1) ** 2
        return self.difference - math.sqrt(max(below, 0.0)), self.difference + math.sqrt(max(above, 0.0))

    def _correlation(self) -> float:
        """The phi coefficient of the two outcomes, corrected for continuity as in method 10."""
        first, second = self.both + self.only_first, self.both + self.only_second
        margins = first * (self.pictures - first) * second * (self.pictures - second)
        if margins == 0:
            return 0.0
        excess = float(self.both * self.neither - self.only_first * self.only_second)
        if excess > 0:
            excess = max(excess - self.pictures / 2, 0.0)
        return excess / math.sqrt(margins)

    def summary(self) -> dict[str, Any]:
        """The counts, the difference, its interval and the p-value, by the names of the artifact's PairedCounts."""
        low, high = self.interval
        derived = {"difference": self.difference, "low": low, "high": high, "mcnemar_p": self.p_value}
        return asdict(self) | {"pictures": self.pictures} | derived

    def sentence(self) -> str:
        """The result for people, in percentage points."""
        low, high = self.interval
        return (
            f"{100 * self.difference:+.2f} points of exact match (95 % interval {100 * low:+.2f} to {100 * high:+.2f}) "
            f"on {self.pictures} pictures: {self.only_first} read by the first alone, {self.only_second} by the second "
            f"alone, McNemar's p = {self.p_value:.3g}"
        )


def paired(labels: Sequence[str], first: Sequence[str], second: Sequence[str]) -> Paired:
    """Compares the texts of two recognisers with the labels."""
    exact = [(a == label, b == label) for label, a, b in zip(labels, first, second, strict=True)]
    return Paired(*(exact.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False))))
