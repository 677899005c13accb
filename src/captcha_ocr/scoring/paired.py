"""Two readers on the same pictures: which is better, and how sure one can be."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from scipy.stats import binomtest

from captcha_ocr.scoring.metrics import wilson_interval


@dataclass(frozen=True)
class Paired:
    """Counts of pictures that both, only the first, only the second, or neither reads exactly."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @property
    def pictures(self) -> int:
        """All of them."""
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def difference(self) -> float:
        """Exact match of the first minus that of the second."""
        return (self.only_first - self.only_second) / self.pictures

    @property
    def p_value(self) -> float:
        """McNemar's exact test (1947), two-sided: how often a fair coin would split the disagreements so unevenly."""
        disagreements = self.only_first + self.only_second
        return float(binomtest(self.only_first, disagreements).pvalue) if disagreements else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the difference (Newcombe 1998, his method 10: Wilson intervals of both, with the
        correlation of paired readings).
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
        first, second = self.both + self.only_first, self.both + self.only_second
        margins = first * (self.pictures - first) * second * (self.pictures - second)
        if margins == 0:
            return 0.0
        excess = float(self.both * self.neither - self.only_first * self.only_second)
        if excess > 0:  # Newcombe's correction for continuity
            excess = max(excess - self.pictures / 2, 0.0)
        return excess / math.sqrt(margins)

    def summary(self) -> dict[str, Any]:
        """The counts, and the values that follow from them."""
        low, high = self.interval
        derived = {"difference": self.difference, "low": low, "high": high, "mcnemar_p": self.p_value}
        return asdict(self) | {"pictures": self.pictures} | derived

    def sentence(self) -> str:
        """In words."""
        low, high = self.interval
        return (
            f"{100 * self.difference:+.2f} points of exact match (95 % interval {100 * low:+.2f} to {100 * high:+.2f}) "
            f"on {self.pictures} pictures: {self.only_first} read by the first alone, {self.only_second} by the second "
            f"alone, McNemar's p = {self.p_value:.3g}"
        )


def paired(labels: Sequence[str], first: Sequence[str], second: Sequence[str]) -> Paired:
    """The counts of two readers' texts."""
    outcomes = [(a == label, b == label) for label, a, b in zip(labels, first, second, strict=True)]
    return Paired(*(outcomes.count(o) for o in ((True, True), (True, False), (False, True), (False, False))))
