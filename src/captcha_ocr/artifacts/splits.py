"""data/splits.csv: the split (training, validation or test) that each picture belongs to."""

from dataclasses import dataclass
from typing import Literal

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.formats.table import Table, Texts

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Splits(Table):
    """One row for each picture. file: its name in the data set. split: one of SIDES."""

    file_name, written_by = "splits.csv", "split"

    file: Texts
    label: Texts
    split: Texts

    def pictures(self, shards: PictureShards) -> LabelledPictures:
        """All pictures, sorted by name, which are read from `shards`."""
        frame = self.frame.sort_values("file")
        return LabelledPictures(shards, frame["file"].tolist(), frame["label"].tolist())

    def side(self, side: Side, shards: PictureShards) -> LabelledPictures:
        """The pictures of one split, sorted by name, which are read from `shards`."""
        return self.where(self.split == side).pictures(shards)
