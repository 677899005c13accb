"""Narrow pictures in fit: pad, whose labels need more time steps than their own columns are."""

import pytest

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import Fit, InputSize, Lines
from captcha_ocr.validate.checks import WARNING, checked_columns, picture_rules
from tests.examples import EXAMPLES
from tests.modules import ROOT

PARAMS = load_params(ROOT / "params.yaml")
(EXAMPLE,) = [example for example in EXAMPLES if isinstance(example, Manifest)]
# The first row is a picture, the second one that cannot be decoded.
PICTURES = EXAMPLE.frame.assign(width=[48, None], height=[32, None], label=["2222", ""], phash="0123")


def said(time_steps: int, fit: Fit, lines: Lines) -> list[object]:
    """What is said of the picture of 48 × 32 with the label 2222, which needs seven time steps."""
    input_size = InputSize(96, 32, fit=fit, lines=lines)
    columns = checked_columns(
        Manifest.from_frame(PICTURES), PARAMS.validate_, PARAMS.text.alphabet, time_steps, input_size
    )
    return columns["squeezed"].dropna().tolist()


@pytest.mark.parametrize(
    ("time_steps", "fit", "lines", "expected"),
    [
        (12, "pad", 1, ["needs 7 time steps, and its picture covers 6"]),
        (13, "pad", 1, []),
        (12, "stretch", 1, []),
        (12, "pad", 2, ["needs 7 time steps, and its picture covers 6"]),
        (14, "pad", 2, []),  # four of the seven steps of each line
    ],
)
def test_half_a_page_covers_half_of_the_steps_rounded_up_for_each_line(
    time_steps: int, fit: Fit, lines: Lines, expected: list[object]
) -> None:
    assert said(time_steps, fit, lines) == expected


def test_it_is_a_warning_since_the_network_sees_beyond_a_time_step() -> None:
    (rule,) = [r for r in picture_rules(PARAMS.validate_, PARAMS.text, 12) if r.name == "label_covered"]
    assert (rule.severity, rule.expectation.column) == (WARNING, "squeezed")
