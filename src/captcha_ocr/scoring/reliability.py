"""Whether a confidence of 90 % is right nine times in ten, and what follows where one reads only what is sure.

Confidence is p(text | picture) at a temperature; a reading is exact or it is not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import Floats, label_log_probabilities, tempered
from captcha_ocr.scoring.metrics import wilson_interval

BINS = 15  # as Guo et al. (2017)
COVERAGES = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0)
TARGET = 0.999
PRIOR = 0.1  # standard deviation of the logarithm of the temperature before any picture is seen
Exact = NDArray[np.bool_]


def text_confidences(logits: Floats, texts: Sequence[str], codec: Codec, temperature: float) -> NDArray[np.float64]:
    """[N]: the exact probability of each text under logits [N, T, K] at `temperature`."""
    return np.exp(label_log_probabilities(tempered(logits, temperature), codec.encode_batch(texts)))


def fit_temperature(logits: Floats, labels: Sequence[str], codec: Codec) -> float:
    """The temperature (Guo et al. 2017) that is most probable given the labels, with a log-normal prior about 1.

    A network fitted by likelihood means what it says at temperature 1. Some hundred validation pictures, of which one
    is misread or none, know little better: likelihood alone would go wherever the one leads, and without any down to
    0, where every reading is certain. What the prior adds fades as pictures are added.
    """
    targets = codec.encode_batch(labels)

    def cost(log_temperature: float) -> float:
        likelihood = label_log_probabilities(tempered(logits, math.exp(log_temperature)), targets).sum()
        return float(-likelihood + (log_temperature / PRIOR) ** 2 / 2)

    # Of several minima, should there be any, the grid finds the deepest.
    grid = np.log(np.geomspace(0.1, 10, 21))
    lowest = int(np.argmin([cost(point) for point in grid]))
    bounds = grid[max(lowest - 1, 0)], grid[min(lowest + 1, len(grid) - 1)]
    return float(math.exp(minimize_scalar(cost, bounds=bounds, method="bounded").x))


@dataclass(frozen=True)
class Bin:
    """Pictures of similar confidence: their mean confidence, and the share read exactly."""

    pictures: int
    confidence: float
    exact_match: float


def _binned(confidences: Floats, exact: Exact, groups: Sequence[NDArray[np.integer]]) -> list[Bin]:
    return [Bin(len(g), float(confidences[g].mean()), float(exact[g].mean())) for g in groups if len(g)]


def bins_of_equal_number(confidences: Floats, exact: Exact, count: int = BINS) -> list[Bin]:
    """Bins that hold equally many pictures, least sure first.

    Of a recogniser that is nearly always sure, bins of equal width hold nothing but for the last; and on few pictures
    bins of equal number estimate the calibration error with less bias (Roelofs et al. 2022, arXiv:2012.08668).
    """
    return _binned(confidences, exact, np.array_split(np.argsort(confidences, kind="stable"), count))


def bins_of_equal_width(confidences: Floats, exact: Exact, count: int = BINS) -> list[Bin]:
    """Bins of equal width between 0 and 1, empty ones left out, as Guo et al. (2017) have them."""
    place = np.minimum((confidences * count).astype(int), count - 1)
    return _binned(confidences, exact, [np.flatnonzero(place == i) for i in range(count)])


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error (Naeini et al. 2015): the mean gap of confidence and exactness, by pictures."""
    gaps = sum(b.pictures * abs(b.confidence - b.exact_match) for b in bins)
    return gaps / sum(b.pictures for b in bins)


def error_if_calibrated(confidences: Floats, draws: int = 1000) -> float:
    """The mean calibration error of perfectly calibrated readings of these confidences: what chance alone leaves."""
    chance = np.random.default_rng(0).random((draws, len(confidences)))
    errors = [calibration_error(bins_of_equal_number(confidences, row < confidences)) for row in chance]
    return float(np.mean(errors))


@dataclass(frozen=True)
class Coverage:
    """The surest pictures, down to the confidence `threshold`: how many were read exactly (Wilson's 95 % interval)."""

    coverage: float
    pictures: int
    threshold: float
    exact_match: float
    low: float
    high: float


def _surest(confidences: Floats, exact: Exact) -> NDArray[np.integer]:
    """Surest first; among equals the misread ones first, so that no order flatters."""
    return np.lexsort((exact, -confidences))


def risk_coverage(confidences: Floats, exact: Exact, coverages: Sequence[float] = COVERAGES) -> list[Coverage]:
    """One row a share of pictures, the surest of which are read and the rest left to a person."""
    order = _surest(confidences, exact)
    rows = []
    for share in coverages:
        chosen = order[: max(1, round(share * len(order)))]
        right = int(exact[chosen].sum())
        low, high = wilson_interval(right, len(chosen))
        rows.append(Coverage(share, len(chosen), float(confidences[chosen[-1]]), right / len(chosen), low, high))
    return rows


def threshold_for(confidences: Floats, exact: Exact, target: float = TARGET) -> float | None:
    """The lowest confidence of a picture such that, of it and all surer ones, `target` are exact; None: of none."""
    order = _surest(confidences, exact)
    shares = np.cumsum(exact[order]) / np.arange(1, len(order) + 1)
    ends = np.append(np.diff(confidences[order]) != 0, True)  # equal confidences pass a threshold together
    reached = np.flatnonzero((shares >= target) & ends)
    return float(confidences[order[reached[-1]]]) if len(reached) else None


def pictures_to_prove(target: float = TARGET) -> int:
    """The fewest pictures, all read exactly, whose Wilson interval begins at `target`: n / (n + z²) ≥ target."""
    return math.ceil(1.959964**2 * target / (1 - target))
