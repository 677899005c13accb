"""data/splits.csv: the split (training, validation or test) that each picture belongs to."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from captcha_ocr.artifacts.formats.table import Table, Texts
from captcha_ocr.pictures.labelled import LabelledPictures

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Splits(Table):
    """One row for each picture. file: the file's name. split: one of SIDES."""

    file_name, written_by = "splits.csv", "split"

    file: Texts
    label: Texts
    split: Texts

    def pictures(self, folder: Path) -> LabelledPictures:
        """All pictures, sorted by name, with their paths in `folder`."""
        frame = self.frame.sort_values("file")
        return LabelledPictures([folder / name for name in frame["file"]], frame["label"].tolist())

    def side(self, side: Side, folder: Path) -> LabelledPictures:
        """The pictures of one split, sorted by name, with their paths in `folder`."""
        return self.where(self.split == side).pictures(folder)
