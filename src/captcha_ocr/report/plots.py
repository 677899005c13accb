"""Plots of the report: learning curves, the confusion of symbols, slices, and the worst readings."""

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards
from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.slices import SYMBOL, Slices
from captcha_ocr.base.files import replacing
from captcha_ocr.base.terminal import visible
from captcha_ocr.pages.data_uris import data_uri
from captcha_ocr.pictures.decoding import eight_bit
from captcha_ocr.pictures.opening import open_picture
from captcha_ocr.scoring.metrics import MISSING

INK, GREY = "#1a1a1a", "#8a8a8a"
COLUMNS = 4  # of pictures in a contact sheet
WRONG = "✗"  # marks a wrong picture in a contact sheet
WORST = 20  # most symbols in the plot of slices
MOST_SYMBOLS = 60  # most symbols in the plot of the confusion, which grows with their square


def plain(text: str) -> str:
    """A text of the data for a plot: one line, in which matplotlib takes no dollar sign for the edge of a formula."""
    return visible(text).replace("$", r"\$")


def save_figure(figure: Figure, path: Path) -> None:
    """Saves a plot as PNG."""
    # Without the software's name and version, the same plot always has the same bytes, and DVC sees no change.
    with replacing(path) as draft:
        figure.savefig(draft, dpi=110, metadata={"Software": None})


def figure_uri(figure: Figure) -> str:
    """The data URI of a plot as SVG. The same plot always gives the same bytes."""
    file = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "captcha-ocr"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return data_uri("svg+xml", file.getvalue())


def draw_history(history: History) -> Figure:
    """Plots loss, validation errors and learning rate over the epochs."""
    figure = Figure(figsize=(11, 3.2), layout="constrained")
    loss, cer, rate = figure.subplots(1, 3)
    loss.semilogy(history.epoch, history.loss, color=GREY, linestyle="--", label="train (augmented)")
    loss.semilogy(history.epoch, history.val_loss, color=INK, label="validation")
    loss.set_title("CTC loss")
    loss.legend(frameon=False)
    cer.plot(history.epoch, 100 * history.val_cer, color=INK, marker=".", label="CER")
    cer.plot(history.epoch, 100 * (1 - history.val_exact_match), color=GREY, linestyle="--", label="pictures misread")
    cer.set_title("validation errors, %")
    cer.legend(frameon=False)
    rate.plot(history.epoch, history.learning_rate, color=INK)
    rate.set_title("learning rate at the epoch's end")
    for axes in (loss, cer, rate):
        axes.set_xlabel("epoch")
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _shown_symbols(confusion: Confusion) -> list[str]:
    """All symbols, sorted; of many those that are misread most often."""
    wrong = confusion.actual != confusion.predicted
    misread = pd.concat([confusion.actual[wrong], confusion.predicted[wrong]]).value_counts()
    symbols = sorted(set(confusion.actual) | set(confusion.predicted))
    return sorted(sorted(symbols, key=lambda symbol: -misread.get(symbol, 0))[:MOST_SYMBOLS])


def draw_confusion(confusion: Confusion) -> Figure:
    """Plots how often each true symbol was read as which; numbers are counts of misread symbols.

    Of more than MOST_SYMBOLS symbols, those that are misread most often are shown.
    """
    symbols = _shown_symbols(confusion)
    shown = confusion.frame[confusion.actual.isin(symbols) & confusion.predicted.isin(symbols)]
    table = pd.crosstab(shown["actual"], shown["predicted"])
    counts = table.reindex(index=symbols, columns=symbols, fill_value=0).to_numpy()
    totals = confusion.actual.value_counts().reindex(symbols, fill_value=0).to_numpy()
    shares = counts / np.maximum(totals[:, None], 1)
    side = max(4.0, 0.32 * len(symbols))
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Greys", vmin=0, vmax=1)
    for row, column in np.argwhere(counts * (1 - np.eye(len(symbols), dtype=int))):
        ink = "white" if shares[row, column] > 0.5 else INK
        axes.text(column, row, counts[row, column], ha="center", va="center", color=ink, fontsize=8, weight="bold")
    names = [plain(symbol) for symbol in symbols]
    axes.set_xticks(range(len(symbols)), names)
    axes.set_yticks(range(len(symbols)), names)
    axes.set_xlabel(f"read ({MISSING}: missing)")
    axes.set_ylabel(f"true ({MISSING}: added)")
    which = "the symbols misread most often" if len(symbols) == MOST_SYMBOLS else "symbols"
    axes.set_title(f"{which}; numbers: how often misread")
    return figure


def draw_slices(slices: Slices) -> Figure:
    """Plots the share read correctly, with its interval: left, parts of the split; right, the worst symbols."""
    of_symbols = slices.by == SYMBOL
    parts = slices.where(~of_symbols)
    symbols = Slices.from_frame(slices.where(of_symbols).frame.sort_values("share", kind="stable")).head(WORST)
    figure = Figure(figsize=(9, 0.8 + 0.24 * max(len(parts), len(symbols))), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes, shown, names, title in (
        (left, parts, parts.by + ": " + parts.slice, "parts of the test split"),
        (right, symbols, symbols.slice, "symbols, worst first"),
    ):
        places = np.arange(len(shown))
        axes.hlines(places, 100 * shown.low, 100 * shown.high, color=GREY)
        axes.scatter(100 * shown.share, places, color=INK, s=14, zorder=3)
        axes.set_yticks(places, [f"{plain(name)} ({count})" for name, count in zip(names, shown.samples, strict=True)])
        axes.invert_yaxis()
        axes.set_xlabel("% correct (95 % interval)")
        axes.set_title(title)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_sheet(pictures: Sequence[Picture], titles: Sequence[str], wrong: Sequence[bool], heading: str) -> Figure:
    """A contact sheet: pictures in rows, each below its title. Those that are `wrong` are marked."""
    rows = max(1, -(-len(pictures) // COLUMNS))
    figure = Figure(figsize=(2.7 * COLUMNS, 1.15 * rows + 0.4), layout="constrained")
    for axes in figure.subplots(rows, COLUMNS, squeeze=False).flat:
        axes.set_axis_off()
    for axes, picture, title, is_wrong in zip(figure.axes, pictures, titles, wrong, strict=False):
        axes.imshow(eight_bit(open_picture(picture.content, picture.file), picture.file).convert("RGBA"))
        axes.set_title(
            f"{WRONG} {plain(title)}" if is_wrong else plain(title), fontsize=9, weight="bold" if is_wrong else "normal"
        )
    figure.suptitle(plain(heading), fontsize=9)
    return figure


def draw_readings(predictions: Predictions, shards: PictureShards, count: int) -> Figure:
    """A contact sheet of the first `count` predictions, the worst first: picture, label, reading and confidence."""
    shown = predictions.head(count)
    titles = [
        f"{f'{r.label} read as {r.text or MISSING}' if r.edit_distance else r.text}  {100 * r.confidence:.1f} %"
        for r in shown.rows()
    ]
    heading = f"worst readings first; {WRONG}: wrong"
    return draw_sheet(shards.in_order(shown.file.tolist()), titles, (~shown.exact).tolist(), heading)
