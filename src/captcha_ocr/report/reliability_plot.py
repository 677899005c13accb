"""The reliability plot: confidence against exactness, and exactness against coverage."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.report.plots import GREY, INK
from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.scoring.reliability import bins_of_equal_number
from captcha_ocr.scoring.selective import surest_first

PLOTTED_BINS = 5  # of some hundred pictures; more would show nothing but chance


def _draw_bins(axes: Axes, confidences: np.ndarray, exact: np.ndarray) -> None:
    bins = bins_of_equal_number(confidences, exact, PLOTTED_BINS)
    low, high = np.array([wilson_interval(round(b.exact_match * b.pictures), b.pictures) for b in bins]).T
    means, shares = np.array([b.confidence for b in bins]), np.array([b.exact_match for b in bins])
    corner = max(0.0, min(low.min(), means.min()) - 0.02)
    axes.plot([corner, 1], [corner, 1], color=GREY, linestyle="--")
    axes.vlines(means, low, high, color=GREY)
    axes.scatter(means, shares, color=INK, zorder=3)
    axes.set_xlabel("mean confidence")
    axes.set_ylabel("read exactly")
    axes.set_title("reliability (95 % intervals)")


def _draw_risk(axes: Axes, confidences: np.ndarray, exact: np.ndarray) -> None:
    right = np.cumsum(exact[surest_first(confidences, exact)])
    read = np.arange(1, len(right) + 1)
    low, high = np.array([wilson_interval(int(k), int(n)) for k, n in zip(right, read, strict=True)]).T
    axes.fill_between(100 * read / len(read), low, high, color=GREY, alpha=0.3, linewidth=0)
    axes.plot(100 * read / len(read), right / read, color=INK)
    axes.set_ylim(min(0.9, (right / read).min()), 1.005)
    axes.set_xlabel("% of the pictures read, surest first")
    axes.set_title("exact among those read")


def draw_reliability(predictions: Predictions) -> Figure:
    """Left: bins of equally many pictures against the diagonal. Right: what reading only the surest yields."""
    confidences, exact = predictions.confidence.to_numpy(), predictions.exact
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_bins(left, confidences, exact)
    _draw_risk(right, confidences, exact)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure
