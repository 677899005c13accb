"""Compares architectures: accuracy, time of training, speed and size; as a table and a plot."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from captcha_ocr.artifacts.history import History
from captcha_ocr.artifacts.metrics import Metrics
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.timing import alternating_milliseconds
from captcha_ocr.report.plots import GREY, INK, save_figure

TARGET = 0.98  # the validation exact match for the column `seconds_to_98`
STYLES = ("o-", "s--", "^-.", "D:", "v-")  # told apart without colour


@dataclass(frozen=True)
class Result:
    """The files of a pipeline run with one architecture; `onnx` is the exported float32 file."""

    name: str
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


def latencies(results: Sequence[Result], pictures: Mapping[str, NDArray[np.uint8]]) -> dict[str, float]:
    """The median milliseconds for one decoded picture in ONNX Runtime, by architecture; pictures are [N, H, W, C]."""

    def reader(session: InferenceSession, inputs: NDArray[np.uint8]) -> Callable[[int], object]:
        return lambda i: session.run(None, {"image": inputs[i % len(inputs)][None]})

    calls = {
        r.name: reader(InferenceSession(r.onnx, providers=["CPUExecutionProvider"]), pictures[r.name]) for r in results
    }
    times = alternating_milliseconds(calls, min(map(len, pictures.values())))
    return {name: median(milliseconds) for name, milliseconds in times.items()}


def table(results: Sequence[Result], milliseconds: Mapping[str, float]) -> pd.DataFrame:
    """The table: one row for each architecture, in the order of `results`; the columns are the fields of Row."""
    rows = [
        Row(
            architecture=r.name,
            samples=r.metrics.samples,
            exact_match=r.metrics.exact_match,
            exact_match_low=r.metrics.exact_match_low,
            exact_match_high=r.metrics.exact_match_high,
            cer=r.metrics.cer,
            parameters=r.record.parameters,
            epochs=r.record.epochs,
            seconds=r.record.seconds,
            seconds_to_98=r.history.seconds_to(TARGET),
            onnx_ms=milliseconds[r.name],
            onnx_kb=len(r.onnx) / 1000,
        )
        for r in results
    ]
    return pd.DataFrame([asdict(row) for row in rows])


def _line(row: Any) -> str:
    interval = f"{100 * row.exact_match_low:.1f} to {100 * row.exact_match_high:.1f}"
    reached = "never" if pd.isna(row.seconds_to_98) else f"{row.seconds_to_98:.0f} s"
    return (
        f"| `{row.architecture}` | {100 * row.exact_match:.1f} % ({interval}) | {100 * row.cer:.2f} % "
        f"| {row.parameters:,} | {row.epochs} | {row.seconds:.0f} s | {reached} | {row.onnx_ms:.2f} ms "
        f"| {row.onnx_kb:,.0f} kB |"
    )


def as_markdown(frame: pd.DataFrame) -> str:
    """The table in Markdown."""
    head = (
        "| architecture | exact match (95 % interval) | CER | parameters | epochs | fitted in "
        "| 98 % of validation after | ONNX, one picture | file |"
    )
    return "\n".join([head, "|" + "---|" * 9, *map(_line, frame.itertuples())]) + "\n"


def draw(frame: pd.DataFrame, histories: Mapping[str, History], path: Path) -> None:
    """Plots validation exact match over the seconds of training, and test exact match with its interval."""
    figure = Figure(figsize=(11, 3.8), layout="constrained")
    curves, bars = figure.subplots(1, 2, width_ratios=(3, 2))
    for (name, history), style in zip(histories.items(), STYLES, strict=False):
        exact = 100 * history.val_exact_match
        # A marker at the end of each curve tells apart curves that cover each other.
        curves.plot(history.seconds, exact, style, color=INK, markevery=[len(exact) - 1], label=name)
    curves.axhline(100 * TARGET, color=GREY, linewidth=0.6)
    curves.set_xscale("log")
    curves.set_xlabel("seconds of fitting")
    curves.set_title("validation exact match, %")
    curves.legend(frameon=False)
    places = np.arange(len(frame))[::-1]
    exact = 100 * frame["exact_match"]
    margins = np.abs(100 * frame[["exact_match_low", "exact_match_high"]].T.to_numpy() - exact.to_numpy())
    bars.errorbar(exact, places, xerr=margins, fmt="o", color=INK, capsize=3)
    bars.set_yticks(places, frame["architecture"])
    bars.set_title(f"exact match of {frame['samples'].iloc[0]} test pictures, %")
    bars.set_xlabel("with 95 % interval")
    for axes in (curves, bars):
        axes.spines[["top", "right"]].set_visible(False)
    save_figure(figure, path)
