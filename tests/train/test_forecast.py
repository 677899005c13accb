import pytest

from captcha_ocr.network.architectures.small import RECIPE
from captcha_ocr.params.recipe import Recipe
from captcha_ocr.train.forecast import Forecast


def said(capsys: pytest.CaptureFixture[str], recipe: Recipe, steps: int) -> list[str]:
    forecast = Forecast(100, recipe)
    for _ in range(steps):
        forecast.count()
    return capsys.readouterr().out.splitlines()


def test_the_least_and_the_most_steps_are_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = RECIPE.model_copy(update={"epochs": 30, "epoch_steps": 50, "min_epochs": 10, "batch_size": 16})
    (line,) = said(capsys, recipe, 50)
    assert line.startswith("the fit takes 750 to 1,500 steps of 16 pictures, ")
    assert line.endswith("it shows each of 100 pictures up to 240.0 times")


def test_a_fit_of_fixed_length_has_one_number(capsys: pytest.CaptureFixture[str]) -> None:
    recipe = RECIPE.model_copy(update={"schedule": "cosine", "epochs": 2, "epoch_steps": 3, "min_epochs": 0})
    (line,) = said(capsys, recipe, 3)
    assert line.startswith("the fit takes 6 steps of 16 pictures, 0 s without")
