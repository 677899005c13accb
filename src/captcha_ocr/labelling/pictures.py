"""The pictures to label, and how they are shown."""

import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.endings import PICTURE_ENDINGS


@dataclass(frozen=True)
class FolderPictures:
    """Pictures in a folder. `files` are their names in the table: paths relative to the table's folder."""

    paths: tuple[Path, ...]
    files: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.paths)

    def pixels(self, number: int) -> NDArray[np.uint8]:
        """The pixels of one picture, uint8 [H, W, C]; raises CaptchaOcrError if it cannot be decoded."""
        return pixels_of(self.paths[number], self.files[number])


def pictures_below(folder: Path, table: Path) -> FolderPictures:
    """All pictures below `folder`, by name, for labels in the table `table`.

    Raises CaptchaOcrError if there are none, or a file's name cannot be written into a table.
    """
    if not folder.is_dir():
        raise CaptchaOcrError(f"{folder} is not a folder: name the folder with the pictures to label")
    found = sorted(p for p in folder.resolve().rglob("*") if p.suffix.lower() in PICTURE_ENDINGS and p.is_file())
    if not found:
        raise CaptchaOcrError(f"{folder} holds no picture ({', '.join(sorted(PICTURE_ENDINGS))}): name another folder")
    names = [Path(os.path.relpath(path, table.resolve().parent)).as_posix() for path in found]
    for name in names:
        try:
            name.encode()
        except UnicodeEncodeError:
            raise CaptchaOcrError(f"the file name {name!r} is not UTF-8, which a table is: rename the file") from None
    return FolderPictures(tuple(found), tuple(names))


def as_png(pixels: NDArray[np.uint8]) -> bytes:
    """Pixels, uint8 [H, W, C], as a PNG file, which every browser shows; on white, as models take transparent ones."""
    picture, content = Image.fromarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels), io.BytesIO()
    if picture.mode == "RGBA":
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")
    picture.save(content, "PNG", compress_level=1)
    return content.getvalue()
