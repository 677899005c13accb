"""Pictures for people: learning curves, the confusion of symbols, and the worst readings."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

INK, GREY = "#1a1a1a", "#8a8a8a"
COLUMNS = 4
NOTHING = "∅"


def save_figure(figure: Figure, path: Path) -> None:
    """As PNG."""
    # Without the software's name and version the same figures give the same bytes, and DVC sees no change.
    figure.savefig(path, dpi=110, metadata={"Software": None})


def draw_history(history: pd.DataFrame, path: Path) -> None:
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
    save_figure(figure, path)


def draw_confusion(confusion: pd.DataFrame, path: Path) -> None:
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
        axes.text(column, row, counts[row, column], ha="center", va="center", color="#c0392b", fontsize=8)
    axes.set_xticks(range(len(symbols)), symbols)
    axes.set_yticks(range(len(symbols)), symbols)
    axes.set_xlabel("read (∅: missing)")
    axes.set_ylabel("true (∅: added)")
    axes.set_title("symbols; red: how often misread")
    save_figure(figure, path)


def _draw_sheet(
    pictures: Sequence[Path], titles: Sequence[str], wrong: Sequence[bool], heading: str, path: Path
) -> None:
    rows = max(1, -(-len(pictures) // COLUMNS))
    figure = Figure(figsize=(2.7 * COLUMNS, 1.15 * rows + 0.4), layout="constrained")
    for axes in figure.subplots(rows, COLUMNS, squeeze=False).flat:
        axes.set_axis_off()
    for axes, picture, title, is_wrong in zip(figure.axes, pictures, titles, wrong, strict=False):
        axes.imshow(Image.open(picture).convert("RGBA"))
        axes.set_title(title, fontsize=9, color="#c0392b" if is_wrong else INK)
    figure.suptitle(heading, fontsize=9)
    save_figure(figure, path)


def draw_readings(predictions: pd.DataFrame, folder: Path, count: int, path: Path) -> None:
    """The first `count` predictions, which come worst first: picture, label, reading and confidence."""
    shown = predictions.head(count)
    wrong = (shown["edit_distance"] > 0).tolist()
    titles = [
        f"{f'{r.label} read as {r.text or NOTHING}' if r.edit_distance else r.text}  {100 * r.confidence:.1f} %"
        for r in shown.itertuples()
    ]
    _draw_sheet([folder / f for f in shown["file"]], titles, wrong, "worst readings first; red: wrong", path)


def draw_disagreements(doubtful: pd.DataFrame, folder: Path, path: Path) -> None:
    """Every picture with its label, what was read instead, and by how many of the seeds."""
    titles = [
        f"{r.label}: {r.text or NOTHING}  {r.misread} of {r.seeds}, {100 * r.confidence:.0f} %"
        for r in doubtful.itertuples()
    ]
    heading = "label: misread as, by how many fits that never saw it, confidence; red: by all of them"
    _draw_sheet([folder / f for f in doubtful["file"]], titles, doubtful["misread"] == doubtful["seeds"], heading, path)


def draw_audited(verdicts: pd.DataFrame, folder: Path, path: Path) -> None:
    """Every picture whose label somebody has judged, with what was seen."""
    titles = [f"{r.label}: {r.seen or NOTHING}  {r.verdict}" for r in verdicts.itertuples()]
    wrong = verdicts["verdict"] == "wrong"
    _draw_sheet([folder / f for f in verdicts["file"]], titles, wrong, "label: seen, verdict; red: wrong label", path)
