"""Selective reading: how many readings are exact if only those above a confidence threshold are used."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.likelihood import Floats
from captcha_ocr.scoring.metrics import Proportion
from captcha_ocr.scoring.reliability import Exact

COVERAGES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)  # shares of the pictures
TARGET = 0.999  # share of exact readings that the threshold is chosen for


@dataclass(frozen=True)
class Coverage:
    """The result if only the most confident `coverage` (a share) of all pictures are read.

    threshold: the lowest confidence among these. exact_match: the share of these read exactly, with the ends low and
    high of its 95 % interval (Wilson 1927).
    """

    coverage: float
    pictures: int
    threshold: float
    exact_match: float
    low: float
    high: float


def most_confident_first(confidences: Floats, exact: Exact) -> NDArray[np.integer]:
    """Indices of the readings, highest confidence first.

    Of equal confidences the misread pictures come first, so that the order of the pictures never improves the result.
    """
    return np.lexsort((exact, -confidences))


def risk_coverage(confidences: Floats, exact: Exact, coverages: Sequence[float] = COVERAGES) -> list[Coverage]:
    """The result for each share of `coverages`.

    Only the most confident pictures are read, the others are left to people.
    """
    order = most_confident_first(confidences, exact)
    rows = []
    for share in coverages:
        chosen = order[: max(1, round(share * len(order)))]
        proportion = Proportion.of(exact[chosen])
        threshold = float(confidences[chosen[-1]])
        rows.append(Coverage(share, proportion.samples, threshold, proportion.share, proportion.low, proportion.high))
    return rows


def threshold_for(confidences: Floats, exact: Exact, target: float = TARGET) -> float | None:
    """The lowest threshold at which the share of exact readings, among those at or above it, is at least `target`.

    None if there is no such threshold.
    """
    order = most_confident_first(confidences, exact)
    shares = np.cumsum(exact[order]) / np.arange(1, len(order) + 1)
    ends = np.append(np.diff(confidences[order]) != 0, True)  # pictures of equal confidence reach a threshold together
    reached = np.flatnonzero((shares >= target) & ends)
    return float(confidences[order[reached[-1]]]) if len(reached) else None


def pictures_to_prove(target: float = TARGET) -> int:
    """The fewest pictures that, all read exactly, have a Wilson interval whose lower end reaches `target`.

    Without an error, the lower end for n pictures is n / (n + z²), with z = 1.96 for 95 %.
    """
    return math.ceil(1.959964**2 * target / (1 - target))
