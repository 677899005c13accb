import pytest

from captcha_ocr.core.gate import objections
from captcha_ocr.core.params import load_params
from tests.modules import ROOT

GATE = load_params(ROOT / "params.yaml").register_
GOOD = {"exact_match": 0.99, "cer": 0.002}
PARITY = {"text_mismatches": 0}


def test_a_good_model_of_real_pictures_meets_no_objection() -> None:
    assert objections(GOOD, PARITY, "pinned", GATE) == []
    assert objections(GOOD, PARITY, "own", GATE) == []


@pytest.mark.parametrize(
    ("metrics", "parity", "origin", "said"),
    [
        (GOOD | {"exact_match": 0.9}, PARITY, "pinned", "exact match 0.9000 is below register.min_exact_match 0.95"),
        (GOOD | {"cer": 0.03}, PARITY, "pinned", "CER 0.0300 is above register.max_cer 0.02"),
        (GOOD, {"text_mismatches": 2}, "pinned", "2 texts differ"),
        (GOOD, PARITY, "synthetic", "rendered look-alikes"),
    ],
)
def test_each_failing_check_is_an_objection(metrics: dict, parity: dict, origin: str, said: str) -> None:
    (objection,) = objections(metrics, parity, origin, GATE)
    assert said in objection


def test_look_alikes_pass_where_they_are_allowed() -> None:
    assert objections(GOOD, PARITY, "synthetic", GATE.model_copy(update={"allow_synthetic": True})) == []
