"""Calibration: whether nine of ten readings with a confidence of 90 % are exact.

Arguments: confidences [N], each p(text | picture); exact [N], whether the text equals the label.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.ctc.likelihood import Floats

BINS = 15  # as Guo et al. (2017)
Exact = NDArray[np.bool_]


@dataclass(frozen=True)
class Bin:
    """Pictures of similar confidence: their number, their mean confidence, and the share read exactly."""

    pictures: int
    confidence: float
    exact_match: float


def _binned(confidences: Floats, exact: Exact, groups: Sequence[NDArray[np.integer]]) -> list[Bin]:
    return [Bin(len(g), float(confidences[g].mean()), float(exact[g].mean())) for g in groups if len(g)]


def bins_of_equal_number(confidences: Floats, exact: Exact, count: int = BINS) -> list[Bin]:
    """Bins of equally many pictures, in the order of rising confidence.

    If a recogniser is nearly always sure, nearly all pictures fall into the last bin of equal width. On few pictures,
    bins of equal number also estimate the calibration error with less bias (Roelofs et al. 2022, arXiv:2012.08668).
    """
    return _binned(confidences, exact, np.array_split(np.argsort(confidences, kind="stable"), count))


def bins_of_equal_width(confidences: Floats, exact: Exact, count: int = BINS) -> list[Bin]:
    """Bins of equal width between 0 and 1, without the empty ones, as in Guo et al. (2017)."""
    place = np.minimum((confidences * count).astype(int), count - 1)
    return _binned(confidences, exact, [np.flatnonzero(place == i) for i in range(count)])


def calibration_error(bins: Sequence[Bin]) -> float:
    """The expected calibration error (Naeini et al. 2015).

    It is the mean over all pictures of the gap between mean confidence and share of exact readings in their bin.
    """
    gaps = sum(b.pictures * abs(b.confidence - b.exact_match) for b in bins)
    return gaps / sum(b.pictures for b in bins)


def error_if_calibrated(confidences: Floats, draws: int = 1000) -> float:
    """The mean calibration error of perfectly calibrated readings with these confidences, over `draws` simulations.

    It is not 0, because the number of exact readings in a bin varies by chance.
    """
    chance = np.random.default_rng(0).random((draws, len(confidences)))
    errors = [calibration_error(bins_of_equal_number(confidences, row < confidences)) for row in chance]
    return float(np.mean(errors))
