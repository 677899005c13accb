from pathlib import Path

import pandas as pd

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.splits import Splits

ROWS = [("b.png", "b", "test"), ("10.png", "10", "test"), ("c.png", "c", "train"), ("9.png", "9", "test")]
SHARDS = PictureShards(Path())
SPLITS = Splits.from_frame(pd.DataFrame(ROWS, columns=["file", "label", "split"]))


def test_a_side_is_in_the_order_of_its_file_names_with_labels_in_step() -> None:
    side = SPLITS.side("test", SHARDS)
    assert side.names == ["10.png", "9.png", "b.png"]
    assert side.labels == ["10", "9", "b"]


def test_the_order_of_a_side_does_not_depend_on_that_of_the_table() -> None:
    turned = Splits.from_frame(SPLITS.frame[::-1].reset_index(drop=True))
    assert turned.side("test", SHARDS) == SPLITS.side("test", SHARDS)


def test_a_side_without_pictures_is_empty() -> None:
    assert len(SPLITS.side("validation", SHARDS)) == 0
