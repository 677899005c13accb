import math
from pathlib import Path

import matplotlib.pyplot as plt
import optuna
import pandas as pd
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState
from PIL import Image

from captcha_ocr.sweep.report import draw_importance, write_reports
from captcha_ocr.sweep.studies import ERROR, RUN_ID, VALUES

RANGES = {
    "learning_rate": FloatDistribution(0.001, 0.1, log=True),
    "optimizer": CategoricalDistribution(("adam", "sgd")),
}


def study(*trials: tuple[TrialState, float | None, float]) -> optuna.Study:
    """Of trials of three epochs: what became of each, its figure, and its learning rate."""
    made = optuna.create_study()
    for number, (state, value, rate) in enumerate(trials, start=1):
        values = {"learning_rate": rate, "optimizer": "adam" if number % 2 else "sgd"}
        attributes = {VALUES: values, RUN_ID: f"run{number}"}
        attributes |= {ERROR: "the loss is nan"} if state == TrialState.FAIL else {}
        reported = {} if value is None else dict.fromkeys((1, 2, 3), value)
        made.add_trial(
            optuna.create_trial(
                state=state,
                value=value,
                params=values,
                distributions=RANGES,
                user_attrs=attributes,
                intermediate_values=reported,
            )
        )
    return made


FOUR = (
    (TrialState.COMPLETE, 0.5, 0.01),
    (TrialState.FAIL, None, 0.02),
    (TrialState.PRUNED, 0.2, 0.03),
    (TrialState.COMPLETE, 0.3, 0.04),
)


def test_the_table_comes_best_first_then_what_was_stopped_then_what_failed(tmp_path: Path) -> None:
    write_reports(study(*FOUR), "val_loss", tmp_path)
    rows = (tmp_path / "trials.md").read_text().splitlines()
    assert rows[0].startswith("| trial | val_loss | train.learning_rate | train.optimizer | epochs |")
    assert [row.split("|")[1].strip() for row in rows[2:]] == ["4", "1", "3", "2"]
    assert "stopped early" in rows[4]
    assert "the loss is nan" in rows[5]
    table = pd.read_csv(tmp_path / "trials.csv")
    assert table["run_id"].tolist() == ["run1", "run2", "run3", "run4"]
    assert (table["epochs"][0], table["train.learning_rate"][0]) == (3, 0.01)


def test_the_best_command_is_of_a_complete_trial(tmp_path: Path) -> None:
    write_reports(study(*FOUR), "val_loss", tmp_path)
    expected = "dvc exp run -S train.learning_rate=0.04 -S train.optimizer=sgd\n"
    assert (tmp_path / "best.txt").read_text() == expected


def test_plots_are_drawn_of_what_there_is_and_none_of_an_earlier_study_is_left(tmp_path: Path) -> None:
    write_reports(study(*FOUR), "val_loss", tmp_path)
    for name in ("history.png", "importance.png"):
        assert Image.open(tmp_path / name).width > 500
    write_reports(study(FOUR[1]), "val_loss", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"trials.csv", "trials.md", "history.png"}


def test_a_figure_of_zero_is_drawn_too(tmp_path: Path) -> None:
    """As val_cer often is: no logarithm then."""
    write_reports(study((TrialState.COMPLETE, 0.0, 0.01), (TrialState.COMPLETE, 0.1, 0.02)), "val_cer", tmp_path)
    assert (tmp_path / "history.png").stat().st_size


def test_the_key_that_decides_is_the_most_important() -> None:
    rates = [10 ** (-3 + number / 8) for number in range(16)]
    figure = draw_importance(study(*((TrialState.COMPLETE, abs(math.log10(rate) + 2), rate) for rate in rates)))
    (axes,) = figure.axes
    assert axes.get_yticklabels()[-1].get_text() == "learning_rate"  # the uppermost
    assert sum(bar.get_width() for bar in axes.patches) == pytest.approx(1)
    assert "the best 25 % of 16 complete trials" in axes.get_title(loc="left")


def test_drawing_leaves_no_style_and_no_open_figure_behind() -> None:
    before = dict(plt.rcParams)
    draw_importance(study(*FOUR))
    assert (dict(plt.rcParams), plt.get_fignums()) == (before, [])
