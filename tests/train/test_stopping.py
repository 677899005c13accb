import pytest

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.network.architectures.keras_io import RECIPE
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.train.stopping import best_epoch, check_progress, should_stop


def history(*cers: float, val_loss: float = 1.0, loss: float = 1.0) -> list[Epoch]:
    return [Epoch(i + 1, i, loss, val_loss, cer, 0.0, 0.001, float(i)) for i, cer in enumerate(cers)]


def params(**changes: object) -> Recipe:
    return RECIPE.model_copy(update=changes)


def test_the_best_epoch_is_the_latest_of_the_lowest_cer_though_its_loss_has_risen() -> None:
    losses_and_cers = [(0.5, 0.3), (0.1, 0.2), (0.4, 0.2), (0.2, 0.25)]
    rows = [Epoch(i + 1, i, 1.0, loss, cer, 0.0, 0.001, 2.0) for i, (loss, cer) in enumerate(losses_and_cers)]
    assert best_epoch(rows, "val_cer").epoch == 3


def test_the_loss_may_decide_instead() -> None:
    rows = [
        Epoch(i + 1, i, 1.0, loss, cer, 0.0, 0.001, 2.0) for i, (loss, cer) in enumerate([(1, 0.5), (2, 0.1), (3, 0)])
    ]
    assert best_epoch(rows, "val_loss").epoch == 1
    assert should_stop(rows, params(monitor="val_loss", patience=2))
    assert not should_stop(rows, params(monitor="val_cer", patience=2))


def test_a_fit_stops_when_patience_ends() -> None:
    assert not should_stop(history(0.5, 0.4, 0.4), params(monitor="val_cer", epochs=99, patience=2))
    assert should_stop(history(0.5, 0.4, 0.4, 0.4), params(monitor="val_cer", epochs=99, patience=2))


def test_a_fit_stops_when_the_epochs_are_used_up() -> None:
    assert not should_stop([], params(epochs=2))
    assert should_stop(history(0.5, 0.4), params(epochs=2))


@pytest.mark.parametrize(("loss", "val_loss"), [(float("nan"), 1.0), (float("inf"), 1.0), (1.0, float("nan"))])
def test_a_loss_that_is_not_finite_names_the_epoch(loss: float, val_loss: float) -> None:
    with pytest.raises(CaptchaOcrError, match=r"epoch 2: the loss is .*train\.learning_rate"):
        check_progress(history(0.5, 0.4, loss=loss, val_loss=val_loss), params())


def test_the_all_blank_plateau_is_said_after_the_epochs_allowed() -> None:
    check_progress(history(1.0, 1.0), params(plateau_epochs=3))
    with pytest.raises(CaptchaOcrError, match=r"after 3 epochs .* all-blank plateau"):
        check_progress(history(1.0, 1.0, 0.9), params(plateau_epochs=3))


def test_a_fit_that_reads_is_left_alone() -> None:
    check_progress(history(1.0, 0.5, 0.9), params(plateau_epochs=3))
