"""What a sweep brought: a table of its trials, the best as a command, and two plots."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from captcha_ocr.artifacts.trials import Trial, best_trial, command
from captcha_ocr.base.files import replacing, write_text
from captcha_ocr.report.plots import GREY, INK, save_figure

STATES = ("complete", "pruned", "failed")
MARKERS = {"complete": ("o", INK, "complete"), "pruned": ("x", GREY, "stopped early, where it stood")}


def trials_frame(trials: Sequence[Trial], objective: str) -> pd.DataFrame:
    """One row a trial; a failed one has no figure."""
    rows = [
        {"trial": trial.number, "state": trial.state, objective: trial.value, "epochs": trial.epochs}
        | {"seconds": round(trial.seconds, 1)}
        | {f"train.{key}": value for key, value in trial.values.items()}
        | {"run_id": trial.run_id, "error": trial.error}
        for trial in trials
    ]
    return pd.DataFrame(rows)


def _markdown(trials: Sequence[Trial], objective: str) -> str:
    """Best first: complete trials, then those stopped, then those that failed."""
    keys = list(trials[0].values)
    order = sorted(trials, key=lambda trial: (STATES.index(trial.state), trial.value))
    lines = [
        f"| trial | {objective} | {' | '.join(f'train.{key}' for key in keys)} | epochs | seconds | |",
        f"|{'---|' * (len(keys) + 5)}",
    ]
    for trial in order:
        figure = "" if trial.state == "failed" else f"{trial.value:.4g}"
        cells = [trial.number, figure, *(trial.values[key] for key in keys), trial.epochs, f"{trial.seconds:.0f}"]
        remark = trial.error or ("" if trial.state == "complete" else "stopped early")
        lines.append("| " + " | ".join(map(str, [*cells, remark])) + " |")
    return "\n".join(lines) + "\n"


def draw_history(trials: Sequence[Trial], objective: str) -> Figure:
    """The figure of every trial, and the lowest complete one so far."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for state, (marker, colour, label) in MARKERS.items():
        shown = [trial for trial in trials if trial.state == state]
        axes.plot([t.number for t in shown], [t.value for t in shown], marker, color=colour, label=label)
    complete = pd.Series({t.number: t.value for t in trials if t.state == "complete"}).cummin()
    lowest = complete.reindex([trial.number for trial in trials]).ffill()
    axes.step(lowest.index, lowest, where="post", color=INK, linewidth=0.8, label="lowest so far")
    if failed := [trial.number for trial in trials if trial.state == "failed"]:
        axes.vlines(failed, 0, 1, transform=axes.get_xaxis_transform(), color=GREY, linestyle=":", label="failed")
    if all(trial.value > 0 for trial in trials if trial.state in MARKERS):
        axes.set_yscale("log")
        axes.yaxis.set(major_locator=LogLocator(subs=(1, 2, 5)), minor_locator=NullLocator(), major_formatter="{x:g}")
    figure.legend(loc="outside lower center", ncols=4, frameon=False)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(xlabel="trial", title=f"{objective} of the best epoch on the validation split")
    axes.spines[["top", "right"]].set_visible(False)
    return figure


def draw_importance(importance: Mapping[str, float], complete: int) -> Figure:
    """A bar for each key, the largest on top."""
    keys, shares = list(importance)[::-1], [100 * share for share in importance.values()][::-1]
    figure = Figure(figsize=(7, 1.2 + 0.4 * len(keys)), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh(keys, shares, color=INK, height=0.6)
    axes.bar_label(bars, fmt="%.0f %%", padding=3)
    axes.set(xlim=(0, 110), title=f"what tells the best quarter of {complete} complete trials from the others")
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.set_xticks([])
    return figure


def write_reports(trials: Sequence[Trial], importance: Mapping[str, float], objective: str, folder: Path) -> None:
    """trials.csv and .md, history.png, and, as far as there are complete trials, best.txt and importance.png."""
    for name in ("best.txt", "importance.png"):  # an earlier study's
        (folder / name).unlink(missing_ok=True)
    with replacing(folder / "trials.csv") as draft:
        trials_frame(trials, objective).to_csv(draft, index=False)
    write_text(folder / "trials.md", _markdown(trials, objective))
    save_figure(draw_history(trials, objective), folder / "history.png")
    if best := best_trial(trials):
        write_text(folder / "best.txt", command(best.values) + "\n")
    if importance:
        complete = sum(trial.state == "complete" for trial in trials)
        save_figure(draw_importance(importance, complete), folder / "importance.png")
