"""The reliability plot: share of exact readings by confidence, and by coverage."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.report.plots import GREY, INK
from captcha_ocr.scoring.metrics import wilson_interval
from captcha_ocr.scoring.reliability import bins_of_equal_number
from captcha_ocr.scoring.selective import most_confident_first

PLOTTED_BINS = 5  # for some hundred pictures; more bins would mostly show chance


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
    correct = np.cumsum(exact[most_confident_first(confidences, exact)])
    read = np.arange(1, len(correct) + 1)
    low, high = np.array([wilson_interval(int(k), int(n)) for k, n in zip(correct, read, strict=True)]).T
    axes.fill_between(100 * read / len(read), low, high, color=GREY, alpha=0.3, linewidth=0)
    axes.plot(100 * read / len(read), correct / read, color=INK)
    axes.set_ylim(min(0.9, (correct / read).min()), 1.005)
    axes.set_xlabel("% of the pictures read, highest confidence first")
    axes.set_title("share of exact readings")


def draw_reliability(predictions: Predictions) -> Figure:
    """Plots the share of exact readings: left by confidence, in bins of equally many pictures; right by coverage.

    In the left plot, perfect calibration is the dashed diagonal.
    """
    confidences, exact = predictions.confidence.to_numpy(), predictions.exact
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    _draw_bins(left, confidences, exact)
    _draw_risk(right, confidences, exact)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    return figure
