"""Pictures for people: learning curves, the confusion of symbols, and the worst readings."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from captcha_ocr.evaluate.slices import SYMBOL

INK, GREY = "#1a1a1a", "#8a8a8a"
COLUMNS = 4
NOTHING = "∅"
WRONG = "✗"
WORST = 20  # symbols in the plot of slices


def save_figure(figure: Figure, path: Path) -> None:
    """As PNG."""
    # Without the software's name and version the same figures give the same bytes, and DVC sees no change.
    figure.savefig(path, dpi=110, metadata={"Software": None})


def draw_history(history: pd.DataFrame) -> Figure:
    """Loss, CER and learning rate over the epochs."""
    figure = Figure(figsize=(11, 3.2), layout="constrained")
    loss, cer, rate = figure.subplots(1, 3)
    loss.semilogy(history["epoch"], history["loss"], color=GREY, linestyle="--", label="train (augmented)")
    loss.semilogy(history["epoch"], history["val_loss"], color=INK, label="validation")
    loss.set_title("CTC loss")
    loss.legend(frameon=False)
    cer.plot(history["epoch"], 100 * history["val_cer"], color=INK, marker=".", label="CER")
    cer.plot(
        history["epoch"], 100 * (1 - history["val_exact_match"]), color=GREY, linestyle="--", label="pictures misread"
    )
    cer.set_title("validation errors, %")
    cer.legend(frameon=False)
    rate.plot(history["epoch"], history["learning_rate"], color=INK)
    rate.set_title("learning rate at the epoch's end")
    for axes in (loss, cer, rate):
        axes.set_xlabel("epoch")
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_confusion(confusion: pd.DataFrame) -> Figure:
    """Counts of (true, read) symbols; the misread ones carry their number."""
    table = pd.crosstab(confusion["actual"], confusion["predicted"])
    symbols = sorted(set(table.index) | set(table.columns))
    counts = table.reindex(index=symbols, columns=symbols, fill_value=0).to_numpy()
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    side = max(4.0, 0.32 * len(symbols))
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.subplots()
    axes.imshow(shares, cmap="Greys", vmin=0, vmax=1)
    for row, column in np.argwhere(counts * (1 - np.eye(len(symbols), dtype=int))):
        ink = "white" if shares[row, column] > 0.5 else INK
        axes.text(column, row, counts[row, column], ha="center", va="center", color=ink, fontsize=8, weight="bold")
    axes.set_xticks(range(len(symbols)), symbols)
    axes.set_yticks(range(len(symbols)), symbols)
    axes.set_xlabel("read (∅: missing)")
    axes.set_ylabel("true (∅: added)")
    axes.set_title("symbols; numbers: how often misread")
    return figure


def draw_slices(slices: pd.DataFrame) -> Figure:
    """Share right with its interval: the parts of the split on the left, the WORST symbols on the right."""
    of_symbols = slices["by"] == SYMBOL
    parts, symbols = slices[~of_symbols], slices[of_symbols].sort_values("share", kind="stable").head(WORST)
    figure = Figure(figsize=(9, 0.8 + 0.24 * max(len(parts), len(symbols))), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes, frame, names, title in (
        (left, parts, parts["by"] + ": " + parts["slice"], "parts of the test split"),
        (right, symbols, symbols["slice"], "symbols, worst first"),
    ):
        places = np.arange(len(frame))
        axes.hlines(places, 100 * frame["low"], 100 * frame["high"], color=GREY)
        axes.scatter(100 * frame["share"], places, color=INK, s=14, zorder=3)
        axes.set_yticks(places, [f"{name} ({count})" for name, count in zip(names, frame["samples"], strict=True)])
        axes.invert_yaxis()
        axes.set_xlabel("% right (95 % interval)")
        axes.set_title(title)
        axes.spines[["top", "right"]].set_visible(False)
    return figure


def _draw_sheet(pictures: Sequence[Path], titles: Sequence[str], wrong: Sequence[bool], heading: str) -> Figure:
    rows = max(1, -(-len(pictures) // COLUMNS))
    figure = Figure(figsize=(2.7 * COLUMNS, 1.15 * rows + 0.4), layout="constrained")
    for axes in figure.subplots(rows, COLUMNS, squeeze=False).flat:
        axes.set_axis_off()
    for axes, picture, title, is_wrong in zip(figure.axes, pictures, titles, wrong, strict=False):
        axes.imshow(Image.open(picture).convert("RGBA"))
        axes.set_title(f"{WRONG} {title}" if is_wrong else title, fontsize=9, weight="bold" if is_wrong else "normal")
    figure.suptitle(heading, fontsize=9)
    return figure


def draw_readings(predictions: pd.DataFrame, folder: Path, count: int) -> Figure:
    """The first `count` predictions, which come worst first: picture, label, reading and confidence."""
    shown = predictions.head(count)
    wrong = (shown["edit_distance"] > 0).tolist()
    titles = [
        f"{f'{r.label} read as {r.text or NOTHING}' if r.edit_distance else r.text}  {100 * r.confidence:.1f} %"
        for r in shown.itertuples()
    ]
    return _draw_sheet([folder / f for f in shown["file"]], titles, wrong, f"worst readings first; {WRONG}: wrong")


def draw_disagreements(doubtful: pd.DataFrame, folder: Path) -> Figure:
    """Every picture with its label, what was read instead, and by how many of the seeds."""
    titles = [
        f"{r.label}: {r.text or NOTHING}  {r.misread} of {r.seeds}, {100 * r.confidence:.0f} %"
        for r in doubtful.itertuples()
    ]
    heading = f"label: misread as, by how many fits that never saw it, confidence; {WRONG}: by all of them"
    by_all = doubtful["misread"] == doubtful["seeds"]
    return _draw_sheet([folder / f for f in doubtful["file"]], titles, by_all, heading)


def draw_audited(verdicts: pd.DataFrame, folder: Path) -> Figure:
    """Every picture whose label somebody has judged, with what was seen."""
    titles = [f"{r.label}: {r.seen or NOTHING}  {r.verdict}" for r in verdicts.itertuples()]
    wrong = verdicts["verdict"] == "wrong"
    return _draw_sheet(
        [folder / f for f in verdicts["file"]], titles, wrong, f"label: seen, verdict; {WRONG}: wrong label"
    )
