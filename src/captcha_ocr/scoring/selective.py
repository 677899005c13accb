"""What follows where only sure readings are used: how many are exact, and from which confidence on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.likelihood import Floats
from captcha_ocr.scoring.metrics import Proportion
from captcha_ocr.scoring.reliability import Exact

COVERAGES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
TARGET = 0.999


@dataclass(frozen=True)
class Coverage:
    """The surest pictures, down to the confidence `threshold`: how many were read exactly (Wilson's 95 % interval)."""

    coverage: float
    pictures: int
    threshold: float
    exact_match: float
    low: float
    high: float


def surest_first(confidences: Floats, exact: Exact) -> NDArray[np.integer]:
    """Surest first; among equals the misread ones first, so that no order flatters."""
    return np.lexsort((exact, -confidences))


def risk_coverage(confidences: Floats, exact: Exact, coverages: Sequence[float] = COVERAGES) -> list[Coverage]:
    """One row a share of pictures, the surest of which are read and the rest left to people."""
    order = surest_first(confidences, exact)
    rows = []
    for share in coverages:
        chosen = order[: max(1, round(share * len(order)))]
        right = Proportion.of(exact[chosen])
        threshold = float(confidences[chosen[-1]])
        rows.append(Coverage(share, right.samples, threshold, right.share, right.low, right.high))
    return rows


def threshold_for(confidences: Floats, exact: Exact, target: float = TARGET) -> float | None:
    """The lowest confidence of a picture such that, of it and all surer ones, `target` are exact; None: of none."""
    order = surest_first(confidences, exact)
    shares = np.cumsum(exact[order]) / np.arange(1, len(order) + 1)
    ends = np.append(np.diff(confidences[order]) != 0, True)  # equal confidences pass a threshold together
    reached = np.flatnonzero((shares >= target) & ends)
    return float(confidences[order[reached[-1]]]) if len(reached) else None


def pictures_to_prove(target: float = TARGET) -> int:
    """The fewest pictures, all read exactly, whose Wilson interval begins at `target`: n / (n + z²) ≥ target."""
    return math.ceil(1.959964**2 * target / (1 - target))
