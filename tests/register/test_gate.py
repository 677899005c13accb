from dataclasses import replace

import pytest

from captcha_ocr.params.params import load_params
from captcha_ocr.register.gate import Challenger, objections, objections_of_champion
from captcha_ocr.scoring.paired import Paired
from tests.modules import ROOT

GATE = load_params(ROOT / "params.yaml").register_
GOOD = Challenger(
    exact_match=0.99, cer=0.002, ece=0.01, text_mismatches=0, milliseconds=1.0, kilobytes=900.0, is_synthetic=False
)


def test_a_good_model_of_real_pictures_meets_no_objection() -> None:
    assert objections(GOOD, GATE) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"exact_match": 0.9}, "exact match 0.9 is below register.min_exact_match 0.95"),
        ({"exact_match": float("nan")}, "exact match nan is below"),
        ({"cer": 0.03}, "CER 0.03 is above register.max_cer 0.02"),
        ({"ece": 0.06}, "expected calibration error 0.06 is above register.max_ece 0.05"),
        ({"milliseconds": 51.0}, "milliseconds for one picture 51 is above register.max_milliseconds 50"),
        ({"kilobytes": 3e4}, "kilobytes 3e+04 is above register.max_kilobytes 20000"),
        ({"text_mismatches": 2}, "2 texts differ"),
        ({"is_synthetic": True}, "rendered look-alikes"),
    ],
)
def test_each_failing_check_is_an_objection(changes: dict, said: str) -> None:
    (objection,) = objections(replace(GOOD, **changes), GATE)
    assert said in objection


def test_look_alikes_pass_where_they_are_allowed() -> None:
    allowing = GATE.model_copy(update={"allow_synthetic": True})
    assert objections(replace(GOOD, is_synthetic=True), allowing) == []


@pytest.mark.parametrize(
    ("policy", "counts", "passes"),
    [
        ("not_worse", (100, 0, 0, 1), True),  # the same readings
        ("not_worse", (99, 0, 2, 0), False),
        ("not_worse", (990, 0, 10, 10), True),  # worse, and surely within the margin
        ("better", (100, 0, 0, 1), False),
        ("better", (90, 4, 0, 7), False),  # too few to show it
        ("better", (90, 12, 0, 6), True),
    ],
)
def test_the_policy_asks_for_a_bound_of_the_paired_difference(policy: str, counts: tuple, passes: bool) -> None:
    params = GATE.model_copy(update={"against_champion": policy, "margin": 0.05})
    assert (objections_of_champion(Paired(*counts), params) == []) == passes
