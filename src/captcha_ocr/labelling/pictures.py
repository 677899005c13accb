"""The pictures to label, and how they are shown."""

import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.endings import is_picture_name


class Pictures(Protocol):
    """Pictures with numbers 0, 1, 2, …"""

    @property
    def files(self) -> Sequence[str]:
        """The name of each picture in a table of labels."""

    def number_of(self, file: str) -> int | None:
        """The number of the picture that a row of the table names; None if it names none of these."""

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """The pixels of one picture, uint8 [H, W, C]; raises CaptchaOcrError if it cannot be decoded."""


@dataclass(frozen=True)
class FolderPictures:
    """Pictures below a folder. Their names are paths relative to the table's folder, `table_folder`."""

    folder: Path
    table_folder: Path
    paths: tuple[Path, ...]
    files: tuple[str, ...]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {str(path): number for number, path in enumerate(self.paths)}

    def number_of(self, file: str) -> int | None:
        """The number of a picture by its path from the table's folder, or else from `folder`."""
        places = (os.path.normpath(base / file) for base in (self.table_folder, self.folder))
        return next((self._numbers[place] for place in places if place in self._numbers), None)

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """As `Pictures` says."""
        return pixels_of(self.paths[number], self.files[number])


def _pictures_in(folder: Path) -> Iterator[Path]:
    """The pictures in a folder and below, without hidden folders, as `fetch` takes them beside a table."""
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place, name) for name in names if is_picture_name(name))


def pictures_below(folder: Path, table: Path) -> FolderPictures:
    """All pictures below `folder`, by name, for labels in the table `table`.

    Raises CaptchaOcrError if there are none, or a file's name cannot be written into a table.
    """
    if not folder.is_dir():
        raise CaptchaOcrError(f"{folder} is not a folder: name the folder with the pictures to label")
    found = sorted(_pictures_in(folder.resolve()))
    if not found:
        raise CaptchaOcrError(f"{folder} holds no picture: name another folder")
    table_folder = table.resolve().parent
    names = [Path(os.path.relpath(path, table_folder)).as_posix() for path in found]
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise CaptchaOcrError(f"the file name {name!r} is not UTF-8, which a table is: rename the file") from None
    return FolderPictures(folder.resolve(), table_folder, tuple(found), tuple(names))


def as_png(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels, uint8 [H, W, C], as a PNG file, which every browser shows; on white, as models take transparent ones."""
    picture, content = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels), io.BytesIO()
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    picture.save(content, "PNG", compress_level=1)
    return content.getvalue()
