from pathlib import Path

import pytest
import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from captcha_ocr.params.sweep import Choices, Span, corners
from tests.modules import ROOT

SHIPPED = ROOT / "params.yaml"


def swept(tmp_path: Path, **changes: object) -> Path:
    values = yaml.safe_load(SHIPPED.read_text())
    values["sweep"] |= changes
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values))
    return path


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ({"rate": {"low": 1, "high": 2}}, r"rate is no key of train: name one of architecture, .*learning_rate"),
        ({"epochs": {"low": 9, "high": 3}}, r"sweep\.ranges\.epochs.*low 9\.? .*is not below high 3"),
        ({"ema": {"low": 0, "high": 0.9, "log": True}}, r"log needs a low above 0, and it is 0"),
        ({"ema": {"low": 0, "heigh": 0.9}}, r"sweep\.ranges\.ema\.span\.heigh = 0\.9: Extra inputs"),
        ({"ema": {"low": 0, "high": float("inf")}}, r"sweep\.ranges\.ema\.span\.high"),
        ({"optimizer": {"low": 0, "high": 1}}, r"optimizer is no number.*list its values as choices"),
        ({"epochs": {"choices": [3]}}, r"sweep\.ranges\.epochs\.choices\.choices = \[3\]: .*at least 2"),
        ({"epochs": {"choices": [3, 3]}}, r"name a value twice"),
        ({"epochs": 3}, r"sweep\.ranges\.epochs\.span = 3"),
        ({}, r"sweep\.ranges = \{\}: .*at least 1"),
    ],
)
def test_a_range_that_cannot_be_tried_is_named(tmp_path: Path, ranges: object, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        load_params(swept(tmp_path, ranges=ranges))


def test_an_unknown_objective_is_named(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"sweep\.objective = 'test_cer': .*'val_loss' or 'val_cer'"):
        load_params(swept(tmp_path, objective="test_cer"))


def test_what_is_noted_of_a_model_leaves_the_sweep_out() -> None:
    assert "sweep" not in load_params(SHIPPED).model_dump(by_alias=True)


def test_corners_combine_all_ends() -> None:
    ranges = {"epochs": Span(low=1, high=9), "optimizer": Choices(choices=("adam", "adamw"))}
    assert [tuple(corner.values()) for corner in corners(ranges)] == [
        (1, "adam"),
        (1, "adamw"),
        (9, "adam"),
        (9, "adamw"),
    ]


def test_a_drawn_value_is_rounded_within_its_span() -> None:
    span = Span(low=0.0012345, high=0.9)
    assert [span.rounded(value) for value in (0.0043219, 0.00123456, 0.8999)] == [0.00432, 0.0012345, 0.9]
