import pandas as pd
import pytest
from captcha_ocr.evaluate.evaluation import confusion

from captcha_ocr.evaluate.slices import slices
from captcha_ocr.scoring.metrics import wilson_interval

LABELS = ["aab", "abc", "abb", "cab", "bac", "ca"]
TEXTS = ["aab", "abc", "ab", "cab", "bcc", "ca"]
PREDICTIONS = pd.DataFrame(
    {
        "file": [f"{label}.png" for label in LABELS],
        "label": LABELS,
        "text": TEXTS,
        "edit_distance": [0, 0, 1, 0, 1, 0],
    }
)
MANIFEST = pd.DataFrame(
    {"file": PREDICTIONS["file"], "contrast": [9.0] * 6, "joined_ink": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]}
)


@pytest.fixture
def found() -> pd.DataFrame:
    return slices(PREDICTIONS, confusion(PREDICTIONS), MANIFEST.sample(frac=1, random_state=0), "abcd")


def row(found: pd.DataFrame, by: str, name: str) -> tuple[int, int]:
    (chosen,) = found[(found["by"] == by) & (found["slice"] == name)].itertuples()
    return chosen.samples, chosen.correct


def test_pictures_with_adjacent_repeats_are_set_apart(found: pd.DataFrame) -> None:
    assert row(found, "adjacent repeats", "with") == (2, 1)
    assert row(found, "adjacent repeats", "without") == (4, 3)


def test_lengths_are_a_slice_where_they_differ(found: pd.DataFrame) -> None:
    assert row(found, "length", "2") == (1, 1)
    same = PREDICTIONS[PREDICTIONS["label"].str.len() == 3]
    assert "length" not in set(slices(same, confusion(same), MANIFEST, "abc")["by"])


def test_what_the_manifest_measures_is_binned_in_order_and_belongs_to_its_picture(found: pd.DataFrame) -> None:
    ink = found[found["by"] == "share of the ink in one piece"]
    assert ink[["slice", "samples", "correct"]].to_numpy().tolist() == [
        ["0.1 to 0.2", 2, 2],
        ["0.3 to 0.4", 2, 1],
        ["0.5 to 0.6", 2, 1],
    ]


def test_a_measure_that_never_varies_is_one_slice(found: pd.DataFrame) -> None:
    assert row(found, "contrast, grey levels", "9") == (6, 4)


def test_symbols_are_counted_where_they_are_true_and_positions_where_labels_reach(found: pd.DataFrame) -> None:
    assert row(found, "symbol", "b") == (6, 5)  # one of abb is missing
    assert row(found, "position", "3") == (5, 4)
    assert "d" not in set(found["slice"])


def test_shares_have_wilson_intervals(found: pd.DataFrame) -> None:
    assert found["share"].tolist() == (found["correct"] / found["samples"]).tolist()
    low, high = zip(*(wilson_interval(r.correct, r.samples) for r in found.itertuples()), strict=True)
    assert (found["low"].tolist(), found["high"].tolist()) == (list(low), list(high))
