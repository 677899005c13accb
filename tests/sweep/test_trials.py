"""Studies and trials with Optuna's real storage, sampler and pruner; fits are curves, so that their course is known."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import optuna
import pytest

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.trials import Trial
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from captcha_ocr.params.sweep import Choices, Span, SweepParams
from captcha_ocr.sweep.studies import VALUES, ended_trials, next_trial, open_study, sole_use
from captcha_ocr.sweep.trials import check_ranges, run_trial, study_basis, train_params_with
from captcha_ocr.train.epoch_loop import Observer
from tests.modules import ROOT

SECTION = load_params(ROOT / "params.yaml").train
SWEEP = SweepParams(
    trials=9,
    seed=0,
    objective="val_loss",
    startup_trials=2,
    min_epochs=3,
    ranges={
        "learning_rate": Span(low=0.001, high=0.1, log=True),
        "epochs": Span(low=10, high=20),
        "batch_size": Choices(choices=(8, 16)),
    },
)


def curve(losses: Sequence[float]) -> Callable[[Observer], None]:
    """A fit that runs through `losses`; the loss decides on the best epoch, as all CERs are 0."""

    def fit(observer: Observer) -> None:
        for number, loss in enumerate(losses, start=1):
            observer(Epoch(number, number, loss, loss, 0.0, 1.0, 0.001, float(number)))

    return fit


def opened(folder: Path, sweep: SweepParams = SWEEP, **others: Any) -> tuple[optuna.Study, list[str]]:
    folder.mkdir(exist_ok=True)
    return open_study(folder, study_basis(sweep, train_params_with(SECTION, {}), **others), sweep)


def one_trial(study: optuna.Study, fit: Callable[[Observer], None], seen: list[Epoch] | None = None) -> Trial:
    recipe = train_params_with(SECTION, {"epochs": 4, "monitor": "val_loss"})
    run_trial(study, next_trial(study, SWEEP), SWEEP.objective, recipe, fit, (seen or []).append)
    return ended_trials(study)[-1]


def test_studies_are_kept_whole_in_a_folder_with_an_odd_path(tmp_path: Path) -> None:
    folder = tmp_path / "a b$5'\"#%41?ü{x}"
    study, _ = opened(folder)
    assert opened(folder)[0].study_name == study.study_name
    assert [path.name for path in folder.iterdir()] == ["studies.db"]


def test_a_trial_that_falls_behind_is_stopped_early_and_one_that_leads_is_not(tmp_path: Path) -> None:
    study, _ = opened(tmp_path)
    for level in (1.0, 2.0):
        assert one_trial(study, curve([level] * 4)).state == "complete"
    worse, better = one_trial(study, curve([3.0] * 4)), one_trial(study, curve([0.5] * 4))
    assert (worse.state, worse.epochs, worse.value) == ("pruned", SWEEP.min_epochs, 3.0)
    assert (better.state, better.epochs, better.value) == ("complete", 4, 0.5)


def test_a_trial_is_worth_its_best_epoch(tmp_path: Path) -> None:
    assert one_trial(opened(tmp_path)[0], curve([3.0, 0.4, 2.0])).value == 0.4


def test_a_fit_that_fails_is_a_failed_trial_and_the_sweep_goes_on(tmp_path: Path) -> None:
    def diverge(observer: Observer) -> None:
        raise CaptchaOcrError("epoch 1: the loss is nan")

    study, _ = opened(tmp_path)
    failed = one_trial(study, diverge)
    assert (failed.state, failed.error) == ("failed", "epoch 1: the loss is nan")
    assert math.isnan(failed.value)
    assert one_trial(study, curve([1.0])).number == 2


def test_a_sweep_that_goes_on_draws_the_same_trials_as_one_that_was_not_killed(tmp_path: Path) -> None:
    """A kill leaves a trial running; tests/end_to_end/test_pipeline.py kills a real one."""
    levels = [1.0, 3.0, 2.0, 4.0, 0.5]
    whole, _ = opened(tmp_path / "whole")
    for level in levels:
        one_trial(whole, curve([level] * 4))
    broken, _ = opened(tmp_path / "broken")
    for level in levels[:3]:
        one_trial(broken, curve([level] * 4))
    next_trial(broken, SWEEP).report(0.1, 1)
    again, _ = opened(tmp_path / "broken")
    assert [trial.number for trial in ended_trials(again)] == [1, 2, 3]
    for level in levels[3:]:
        one_trial(again, curve([level] * 4))
    shown = [[(t.number, t.state, t.value, t.values) for t in ended_trials(study)] for study in (whole, again)]
    assert shown[0] == shown[1]
    assert len({tuple(trial.values.items()) for trial in ended_trials(whole)}) == len(levels)


def test_what_is_tried_lies_in_the_ranges_and_has_the_key_s_type(tmp_path: Path) -> None:
    study, _ = opened(tmp_path)
    values = next_trial(study, SWEEP).user_attrs[VALUES]
    assert 0.001 <= values["learning_rate"] <= 0.1
    assert values["learning_rate"] == float(f"{values['learning_rate']:.3g}")
    assert isinstance(values["epochs"], int)
    assert 10 <= values["epochs"] <= 20
    assert values["batch_size"] in (8, 16)


def test_more_trials_go_on_and_a_changed_range_begins_anew_and_is_named(tmp_path: Path) -> None:
    first, differing = opened(tmp_path, split="a")
    assert differing == []
    longer, differing = opened(tmp_path, SWEEP.model_copy(update={"trials": 50}), split="a")
    assert (longer.study_name, differing) == (first.study_name, [])
    other = SWEEP.model_copy(update={"ranges": SWEEP.ranges | {"epochs": Span(low=5, high=20)}})
    new, differing = opened(tmp_path, other, split="b")
    assert new.study_name != first.study_name
    assert differing == ["split", "sweep.ranges.epochs"]
    assert opened(tmp_path, split="a")[0].study_name == first.study_name


def test_a_swept_key_s_own_value_does_not_begin_a_new_study() -> None:
    """So that the best trial may be kept in params.yaml, and the sweep go on."""
    kept, other = train_params_with(SECTION, {"learning_rate": 0.05}), train_params_with(SECTION, {"ema": 0.5})
    basis = study_basis(SWEEP, train_params_with(SECTION, {}))
    assert study_basis(SWEEP, kept) == basis
    assert study_basis(SWEEP, other) != basis


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ({"learning_rate": Span(low=-1, high=1)}, r"learning_rate = -1: .*learning_rate = -1: .*greater than 0"),
        ({"epochs": Span(low=1, high=2.5)}, r"epochs = 2\.5: .*valid integer"),
        ({"weight_decay": Span(low=0, high=1)}, r"weight_decay = 1: .*needs the optimizer adamw"),
        ({"architecture": Choices(choices=("compact", "big"))}, r"'big' is none of small"),
    ],
)
def test_values_that_no_network_can_be_fitted_with_are_named_before_any_trial(
    ranges: dict[str, Span | Choices], said: str
) -> None:
    with pytest.raises(CaptchaOcrError, match=rf"(?s)sweep\.ranges .*{said}.*Narrow the ranges"):
        check_ranges(SECTION, SWEEP.model_copy(update={"ranges": ranges}))


def test_values_that_the_rest_of_the_section_allows_are_accepted() -> None:
    sweep = SWEEP.model_copy(update={"ranges": {"reduce_patience": Span(low=1, high=5)}})
    check_ranges(SECTION.model_copy(update={"schedule": "constant"}), sweep)
    with pytest.raises(CaptchaOcrError, match="needs the schedule constant"):
        check_ranges(SECTION, sweep)


def test_two_sweeps_at_once_are_refused(tmp_path: Path) -> None:
    with sole_use(tmp_path), pytest.raises(CaptchaOcrError, match="another sweep is running"), sole_use(tmp_path):
        pass
    with sole_use(tmp_path):
        pass


def test_a_file_that_is_no_study_is_named(tmp_path: Path) -> None:
    (tmp_path / "studies.db").write_text("no database" * 100)
    with pytest.raises(CaptchaOcrError, match=r"studies\.db holds no studies .*remove it"):
        opened(tmp_path)
