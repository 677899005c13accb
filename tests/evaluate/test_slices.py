import pytest

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.slices import Slices
from captcha_ocr.evaluate.metrics import confusion
from captcha_ocr.evaluate.slices import slices
from captcha_ocr.scoring.metrics import wilson_interval
from tests.examples import predictions

PREDICTIONS = predictions(["aab", "abc", "abb", "cab", "bac", "ca"], ["aab", "abc", "ab", "cab", "bcc", "ca"])
MANIFEST = Manifest.from_rows(
    {"file": file, "contrast": 9, "joined_ink": (i + 1) / 10} for i, file in enumerate(PREDICTIONS.file)
)


@pytest.fixture
def found() -> Slices:
    shuffled = Manifest.from_frame(MANIFEST.frame.sample(frac=1, random_state=0))
    return slices(PREDICTIONS, confusion(PREDICTIONS), shuffled, "abcd")


def row(found: Slices, by: str, name: str) -> tuple[int, int]:
    (chosen,) = found.where((found.by == by) & (found.slice == name)).rows()
    return chosen.samples, chosen.correct


def test_pictures_with_adjacent_repeats_are_set_apart(found: Slices) -> None:
    assert row(found, "adjacent repeats", "with") == (2, 1)
    assert row(found, "adjacent repeats", "without") == (4, 3)


def test_lengths_are_a_slice_where_they_differ(found: Slices) -> None:
    assert row(found, "length", "2") == (1, 1)
    same = PREDICTIONS.where(PREDICTIONS.label.str.len() == 3)
    assert "length" not in set(slices(same, confusion(same), MANIFEST, "abc").by)


def test_what_the_manifest_measures_is_binned_in_order_and_belongs_to_its_picture(found: Slices) -> None:
    ink = found.where(found.by == "share of the ink in one piece")
    assert [(r.slice, r.samples, r.correct) for r in ink.rows()] == [
        ("0.1 to 0.2", 2, 2),
        ("0.3 to 0.4", 2, 1),
        ("0.5 to 0.6", 2, 1),
    ]


def test_a_measure_that_never_varies_is_one_slice(found: Slices) -> None:
    assert row(found, "contrast, grey levels", "9") == (6, 4)


def test_symbols_are_counted_where_they_are_true_and_positions_where_labels_reach(found: Slices) -> None:
    assert row(found, "symbol", "b") == (6, 5)  # one of abb is missing
    assert row(found, "position", "3") == (5, 4)
    assert "d" not in set(found.slice)


def test_shares_have_wilson_intervals(found: Slices) -> None:
    for part in found.rows():
        assert part.share == part.correct / part.samples
        assert (part.low, part.high) == wilson_interval(part.correct, part.samples)
