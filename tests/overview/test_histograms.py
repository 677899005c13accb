import pandas as pd
import pytest

from captcha_ocr.overview.histograms import BINS, histogram


def test_each_whole_number_has_a_bar_whose_height_is_a_share_of_its_split() -> None:
    found = histogram("n", pd.Series([3, 3, 3, 5, 3, 5]), pd.Series(["train"] * 4 + ["test"] * 2))
    assert (found.low, found.middle, found.high) == ("3", "4", "5")
    assert [(bar.values, bar.pictures) for bar in found.bars["train"]] == [("3", 3), ("4", 0), ("5", 1)]
    assert [bar.height for bar in found.bars["test"]] == pytest.approx([0.5 / 0.75, 0, 0.5 / 0.75])
    assert [bar.pictures for bar in found.bars["validation"]] == [0, 0, 0]


@pytest.mark.parametrize("values", [pd.Series(range(200, 701)), pd.Series(range(200, 701)) / 50])
def test_every_picture_is_in_one_bar_however_far_the_values_reach(values: pd.Series) -> None:
    found = histogram("w", values, pd.Series(["train"] * len(values)))
    assert len(found.bars["train"]) <= BINS
    assert sum(bar.pictures for bar in found.bars["train"]) == len(values)


def test_one_value_is_no_distribution() -> None:
    assert histogram("h", pd.Series([50, 50]), pd.Series(["train", "test"])).constant
