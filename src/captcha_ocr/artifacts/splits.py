"""data/splits.csv: which picture trains, validates or tests."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from captcha_ocr.artifacts.formats.table import Table, Texts
from captcha_ocr.pictures.labelled import LabelledPictures

Side = Literal["train", "validation", "test"]
SIDES: tuple[Side, ...] = ("train", "validation", "test")


@dataclass(frozen=True, eq=False)
class Splits(Table):
    """One row a picture: the file's name, its label, and one of SIDES."""

    file_name, written_by = "splits.csv", "split"

    file: Texts
    label: Texts
    split: Texts

    def pictures(self, folder: Path) -> LabelledPictures:
        """All of them, which lie in `folder`, in the order of their names."""
        frame = self.frame.sort_values("file")
        return LabelledPictures([folder / name for name in frame["file"]], frame["label"].tolist())

    def side(self, side: Side, folder: Path) -> LabelledPictures:
        """Those of one side, in the same order."""
        return self.where(self.split == side).pictures(folder)
