"""What is said of data sets that have one fault each, and that nothing is said of one without."""

import pandas as pd
import pytest

from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.overview.notes import Note, shape_notes, split_notes, symbol_notes, twin_notes, validation_notes
from captcha_ocr.overview.pairs import duplicates
from captcha_ocr.overview.symbols import symbol_counts
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.checks import picture_rules
from tests.modules import ROOT
from tests.overview.rows import rows

PARAMS = load_params(ROOT / "params.yaml")
SIZE = InputSize(200, 50)
SIDES = ["train"] * 200 + ["validation"] * 100 + ["test"] * 100
LABELS = [f"a{i}" for i in range(400)]


def all_notes(frame: pd.DataFrame, size: InputSize = SIZE) -> list[Note]:
    return [
        *symbol_notes(symbol_counts(frame), PARAMS.validate_),
        *shape_notes(frame, size),
        *split_notes(frame),
        *twin_notes(duplicates(frame)),
    ]


def test_nothing_is_said_where_nothing_stands_out() -> None:
    assert all_notes(rows(LABELS, {"split": SIDES})) == []


WIDTHS = [100, 100, 100, 300] * 100
FAULTS = {
    "rare symbol": ({"label": ["aq", *LABELS[1:]]}, "1 of 12 symbols occur less than 20 times in all labels: q"),
    "absent symbol": ({"label": ["aq", *LABELS[1:]]}, "1 of 12 symbols are in no test label: q"),
    "proportions": ({"width": WIDTHS}, "Most pictures are 2.0 to 6.0 times as wide as high"),
    "small": ({"width": [800] * 400, "height": [200] * 400}, "100 % of the pictures are shrunk"),
    "few tested": ({"split": ["train"] * 301 + SIDES[301:]}, "The test split has only 99 pictures"),
    "known labels": ({"label": LABELS[:200] * 2}, "100 % of the test pictures have a label that a training picture"),
    "twins": (
        {"pixels_sha256": ["p", "p", *LABELS[2:]]},
        "2 pictures equal another one, pixel by pixel. Groups of them: 1;",
    ),
}


@pytest.mark.parametrize(("columns", "said"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_named_with_its_numbers(columns: dict[str, list[object]], said: str) -> None:
    assert any(note.text.startswith(said) for note in all_notes(rows(LABELS, {"split": SIDES} | columns)))


def test_padded_pictures_may_have_any_proportions_as_long_as_they_are_not_shrunk() -> None:
    frame = rows(LABELS, {"split": SIDES, "width": WIDTHS})
    assert all_notes(frame, InputSize(300, 50, fit="pad")) == []
    (note,) = all_notes(frame, InputSize(150, 50, fit="pad"))
    assert note.text.startswith("25 % of the pictures are shrunk")


def test_what_validation_warns_of_is_said_under_the_names_that_its_rules_have() -> None:
    names = {rule.name for rule in picture_rules(PARAMS.validate_, PARAMS.text, time_steps=60)}
    report = ValidationReport(rows=9, errors=0, warnings=9, quarantined=0, rules=dict.fromkeys(names, 3), examples={})
    assert [note.look_at for note in validation_notes(report)] == ["train.width", "validate.near_duplicate_bits"]
