"""The report's section on what more labels would bring, and its plot: from `make expect`."""

from matplotlib.figure import Figure

from captcha_ocr.artifacts.expectation import FOLDER, PLOT, Expectation
from captcha_ocr.artifacts.expectation import Point as Measured
from captcha_ocr.base.wording import interval, percent
from captcha_ocr.report.document import Chart, Section, Table, Text
from captcha_ocr.report.plots import GREY, INK

HEAD = ("labels", "exact match", "95 % interval", "measured by")


def draw_learning_curve(expectation: Expectation) -> Figure:
    """Plots exact match against the number of labels: points as measured, the band as extrapolated."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    points, band = expectation.points, expectation.band
    share = [100 * (point.exact_match or 0) for point in points]
    ends = [
        [max(0.0, value - 100 * point.low) for value, point in zip(share, points, strict=True)],
        [max(0.0, 100 * point.high - value) for value, point in zip(share, points, strict=True)],
    ]
    axes.errorbar([p.labels for p in points], share, yerr=ends, fmt="o", color=INK, capsize=3, label="measured")
    if band:
        low, high = ([100 * value for value in values] for values in zip(*((p.low, p.high) for p in band), strict=True))
        axes.fill_between([p.labels for p in band], low, high, color=GREY, alpha=0.3, linewidth=0, label="expected")
    axes.axvline(expectation.labels, color=GREY, linestyle=":", label="labels of now")
    ticks = [*(point.labels for point in points), *((2 * expectation.labels,) if band else ())]
    axes.set_xscale("log")
    axes.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axes.minorticks_off()
    axes.set(xlabel="labels for training and validation", ylabel="exact match, %", ylim=(None, 100.5))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="lower right", frameon=False)
    return figure


def _row(point: Measured) -> tuple[str, ...]:
    if point.exact_match is None:
        return f"{point.labels:,}", "", interval(point.low, point.high), "extrapolated"
    read = f"{point.fits} fits, {point.pictures:,} readings"
    return f"{point.labels:,}", percent(point.exact_match, 1), interval(point.low, point.high), read


def learning_curve_table(expectation: Expectation) -> Table:
    """The sizes that were measured, and the labels of now and twice as many."""
    further = [point for n in (1, 2) if (point := expectation.at(n * expectation.labels))]
    return Table(HEAD, [_row(point) for point in (*expectation.points, *further)])


def learning_curve_section(expectation: Expectation) -> Section:
    """The sentence, the table and the plot."""
    chart = Chart(draw_learning_curve(expectation), f"{FOLDER.name}/{PLOT}", "Exact match by the number of labels")
    how = (
        "Each fit has seen the labels that it drew, and no other; it is read on training and validation pictures that "
        "it did not draw, never on test pictures. The expected band is that of many falling power laws through what "
        "was measured, half of them with a floor."
    )
    return Section("More labels", [Text(expectation.sentence()), learning_curve_table(expectation), chart, Text(how)])
