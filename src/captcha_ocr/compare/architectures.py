"""Compares architectures and recipes: accuracy, time of training, speed and size; as a table and a plot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.metrics import Metrics
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.timing import alternating_milliseconds
from captcha_ocr.compare.fits import RECIPES, ComparedFit
from captcha_ocr.report.plots import GREY, INK, save_figure

TARGET = 0.98  # the validation exact match for the column `seconds_to_98`
# An architecture is told by its marker and a recipe by its line, both without colour.
MARKERS = "osD^vP*X"
LINES = {"own": ":", "project": "-"}


@dataclass(frozen=True)
class Result:
    """The files of a pipeline run with one architecture and recipe; `onnx` is the exported float32 file."""

    fit: ComparedFit
    metrics: Metrics
    record: RunRecord
    history: History
    onnx: bytes


@dataclass(frozen=True)
class Row:
    """One row of the table.

    exact_match, cer: of `samples` test pictures, as shares of 1. seconds: of training. seconds_to_98: until the
    validation exact match reached TARGET, None if it never did. onnx_ms: median for one picture. onnx_kb: size of the
    file, in units of 1,000 bytes.
    """

    architecture: str
    recipe: str
    samples: int
    exact_match: float
    exact_match_low: float
    exact_match_high: float
    cer: float
    parameters: int
    epochs: int
    seconds: float
    seconds_to_98: float | None
    onnx_ms: float
    onnx_kb: float


def latencies(results: Sequence[Result], pictures: Mapping[ComparedFit, NDArray[np.uint8]]) -> dict[ComparedFit, float]:
    """The median milliseconds for one decoded picture in ONNX Runtime; pictures are [N, H, W, C]."""

    def reader(session: InferenceSession, inputs: NDArray[np.uint8]) -> Callable[[int], object]:
        return lambda i: session.run(None, {"image": inputs[i % len(inputs)][None]})

    calls = {
        r.fit.experiment: reader(InferenceSession(r.onnx, providers=["CPUExecutionProvider"]), pictures[r.fit])
        for r in results
    }
    times = alternating_milliseconds(calls, min(map(len, pictures.values())))
    return {r.fit: median(times[r.fit.experiment]) for r in results}


def table(results: Sequence[Result], milliseconds: Mapping[ComparedFit, float]) -> pd.DataFrame:
    """The table: one row for each fit, in the order of `results`; the columns are the fields of Row."""
    rows = [
        Row(
            architecture=r.fit.architecture,
            recipe=r.fit.recipe,
            samples=r.metrics.samples,
            exact_match=r.metrics.exact_match,
            exact_match_low=r.metrics.exact_match_low,
            exact_match_high=r.metrics.exact_match_high,
            cer=r.metrics.cer,
            parameters=r.record.parameters,
            epochs=r.record.epochs,
            seconds=r.record.seconds,
            seconds_to_98=r.history.seconds_to(TARGET),
            onnx_ms=milliseconds[r.fit],
            onnx_kb=len(r.onnx) / 1000,
        )
        for r in results
    ]
    return pd.DataFrame([asdict(row) for row in rows])


def _line(row: Any) -> str:
    interval = f"{100 * row.exact_match_low:.1f} to {100 * row.exact_match_high:.1f}"
    reached = "never" if pd.isna(row.seconds_to_98) else f"{row.seconds_to_98:.0f} s"
    return (
        f"| `{row.architecture}` | {RECIPES[row.recipe]} | {100 * row.exact_match:.1f} % ({interval}) "
        f"| {100 * row.cer:.2f} % | {row.parameters:,} | {row.epochs} | {row.seconds:.0f} s | {reached} "
        f"| {row.onnx_ms:.2f} ms | {row.onnx_kb:,.0f} kB |"
    )


def as_markdown(frame: pd.DataFrame) -> str:
    """The table in Markdown."""
    head = (
        "| architecture | recipe | exact match (95 % interval) | CER | parameters | epochs | fitted in "
        "| 98 % of validation after | ONNX, one picture | file |"
    )
    return "\n".join([head, "|" + "---|" * 10, *map(_line, frame.itertuples())]) + "\n"


def _draw_curves(axes: Axes, results: Sequence[Result]) -> None:
    architectures = list(dict.fromkeys(r.fit.architecture for r in results))
    for r in results:
        exact = 100 * r.history.val_exact_match
        style = MARKERS[architectures.index(r.fit.architecture) % len(MARKERS)] + LINES[r.fit.recipe]
        # A marker at the end of each curve tells apart curves that cover each other.
        axes.plot(r.history.seconds, exact, style, color=INK, markevery=[len(exact) - 1], label=str(r.fit))
    axes.axhline(100 * TARGET, color=GREY, linewidth=0.6)
    axes.set_xscale("log")
    axes.set_xlabel("seconds of fitting")
    axes.set_title("validation exact match, %")
    axes.legend(frameon=False, fontsize="small")


def _draw_bars(axes: Axes, results: Sequence[Result]) -> None:
    places = range(len(results))[::-1]
    exact = np.array([100 * r.metrics.exact_match for r in results])
    ends = np.array([(100 * r.metrics.exact_match_low, 100 * r.metrics.exact_match_high) for r in results]).T
    axes.errorbar(exact, places, xerr=np.abs(ends - exact), fmt="o", color=INK, capsize=3)
    axes.set_yticks(places, [str(r.fit) for r in results])
    axes.set_title(f"exact match of {results[0].metrics.samples} test pictures, %")
    axes.set_xlabel("with 95 % interval")


def draw(results: Sequence[Result], path: Path) -> None:
    """Plots validation exact match over the seconds of training, and test exact match with its interval."""
    figure = Figure(figsize=(13, 2 + 0.35 * len(results)), layout="constrained")
    curves, bars = figure.subplots(1, 2, width_ratios=(3, 2))
    _draw_curves(curves, results)
    _draw_bars(bars, results)
    for axes in (curves, bars):
        axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path)
