import math
from pathlib import Path

import pandas as pd
from PIL import Image

from captcha_ocr.artifacts.trials import State, Trial
from captcha_ocr.sweep.report import write_reports


def trial(number: int, state: State, value: float, error: str = "") -> Trial:
    return Trial(number, state, value, 3, 10.0, {"epochs": number, "optimizer": "adam"}, f"run{number}", error)


TRIALS = [
    trial(1, "complete", 0.5),
    trial(2, "failed", math.nan, "the loss is nan"),
    trial(3, "pruned", 0.2),
    trial(4, "complete", 0.3),
]


def test_the_table_comes_best_first_then_what_was_stopped_then_what_failed(tmp_path: Path) -> None:
    write_reports(TRIALS, {}, "val_loss", tmp_path)
    rows = (tmp_path / "trials.md").read_text().splitlines()
    assert rows[0].startswith("| trial | val_loss | train.epochs | train.optimizer | epochs |")
    assert [row.split("|")[1].strip() for row in rows[2:]] == ["4", "1", "3", "2"]
    assert "stopped early" in rows[4]
    assert "the loss is nan" in rows[5]
    table = pd.read_csv(tmp_path / "trials.csv")
    assert table["run_id"].tolist() == ["run1", "run2", "run3", "run4"]
    assert (table["epochs"][0], table["train.epochs"][0]) == (3, 1)  # made, and allowed


def test_the_best_command_is_of_a_complete_trial(tmp_path: Path) -> None:
    write_reports(TRIALS, {}, "val_loss", tmp_path)
    assert (tmp_path / "best.txt").read_text() == "dvc exp run -S train.epochs=4 -S train.optimizer=adam\n"


def test_plots_are_drawn_of_what_there_is_and_none_of_an_earlier_study_is_left(tmp_path: Path) -> None:
    write_reports(TRIALS, {"epochs": 0.9, "optimizer": 0.1}, "val_loss", tmp_path)
    for name in ("history.png", "importance.png"):
        assert Image.open(tmp_path / name).width > 500
    write_reports(TRIALS[1:2], {}, "val_loss", tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"trials.csv", "trials.md", "history.png"}


def test_a_figure_of_zero_is_drawn_too(tmp_path: Path) -> None:
    """As val_cer often is: no logarithm then."""
    write_reports([trial(1, "complete", 0.0), trial(2, "complete", 0.1)], {}, "val_cer", tmp_path)
    assert (tmp_path / "history.png").stat().st_size
