"""What a sweep brought: a table of its trials, the best as a command, and two plots.

Optuna draws the importance of the keys. Its `plot_optimization_history` was weighed for the other plot: it leaves out
trials that were stopped early or failed, which may be half of a sweep, and it numbers the trials otherwise than the
table does, from 0 and with those that were killed.
"""

import warnings
from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import optuna
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator
from optuna.exceptions import ExperimentalWarning
from optuna.importance import PedAnovaImportanceEvaluator
from optuna.trial import TrialState
from optuna.visualization.matplotlib import plot_param_importances

from captcha_ocr.artifacts.trials import Trial, best_trial, command
from captcha_ocr.base.cells import marked
from captcha_ocr.base.files import replacing, write_text
from captcha_ocr.base.markdown import escaped
from captcha_ocr.report.plots import GREY, INK, save_figure
from captcha_ocr.sweep.studies import ended_trials

STATES = ("complete", "pruned", "failed")
BEST_SHARE = 0.25  # of the complete trials: what tells these from the others is what importance measures
MARKERS = {"complete": ("o", INK, "complete"), "pruned": ("x", GREY, "stopped early, where it stood")}


def trials_frame(trials: Sequence[Trial], objective: str) -> pd.DataFrame:
    """One row a trial; a failed one has no value."""
    rows = [
        {"trial": trial.number, "state": trial.state, objective: trial.value, "epochs": trial.epochs}
        | {"seconds": round(trial.seconds, 1)}
        | {f"train.{key}": value for key, value in trial.values.items()}
        | {"run_id": trial.run_id, "error": marked(trial.error)}
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
        value = "" if trial.state == "failed" else f"{trial.value:.4g}"
        cells = [trial.number, value, *(trial.values[key] for key in keys), trial.epochs, f"{trial.seconds:.0f}"]
        remark = trial.error or ("" if trial.state == "complete" else "stopped early")
        lines.append("| " + " | ".join(escaped(str(cell)) for cell in [*cells, remark]) + " |")
    return "\n".join(lines) + "\n"


def draw_history(trials: Sequence[Trial], objective: str) -> Figure:
    """The value of every trial, and the lowest complete one so far."""
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


def draw_importance(study: optuna.Study) -> Figure:
    """A bar for each key, the largest on top: its share in what tells the best trials from the others (PED-ANOVA).

    Needs two complete trials.
    """
    complete, percent = len(study.get_trials(states=(TrialState.COMPLETE,))), 100 * BEST_SHARE
    evaluator = PedAnovaImportanceEvaluator(target_quantile=BEST_SHARE)
    # Optuna changes the style of every later plot of the process, and warns that its plots are experimental.
    with plt.rc_context(), warnings.catch_warnings(action="ignore", category=ExperimentalWarning):
        axes = plot_param_importances(study, evaluator=evaluator)
        figure = plt.gcf()
    plt.close(figure)
    figure.set_layout_engine("constrained")
    if legend := axes.get_legend():  # of the one objective
        legend.remove()
    axes.set(xlabel="share", ylabel="")
    axes.set_title(f"what tells the best {percent:.0f} % of {complete} complete trials from the others", loc="left")
    return figure


def write_reports(study: optuna.Study, objective: str, folder: Path) -> None:
    """trials.csv and .md, history.png, and, as far as there are complete trials, best.txt and importance.png."""
    for name in ("best.txt", "importance.png"):  # an earlier study's
        (folder / name).unlink(missing_ok=True)
    trials = ended_trials(study)
    with replacing(folder / "trials.csv") as draft:
        trials_frame(trials, objective).to_csv(draft, index=False)
    write_text(folder / "trials.md", _markdown(trials, objective))
    save_figure(draw_history(trials, objective), folder / "history.png")
    if best := best_trial(trials):
        write_text(folder / "best.txt", command(best.values) + "\n")
    if sum(trial.state == "complete" for trial in trials) > 1:
        save_figure(draw_importance(study), folder / "importance.png")
