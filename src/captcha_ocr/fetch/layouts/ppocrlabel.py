"""`ppocrlabel`: what PPOCRLabel writes: `rec_gt.txt` with the crops in `crop_img`, or `Label.txt` with the pictures.

Several boxes in a picture are not cut out here. The pixels would be others than those of PPOCRLabel's own export, and
their bytes would change with the version of the library that writes them, and with them the digest of the data set.
https://github.com/PFCCLab/PPOCRLabel
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts import paddleocr
from captcha_ocr.fetch.layouts.entry import Entry, file_split
from captcha_ocr.fetch.tables.listed_pictures import PictureFinder, Row, listed_entries
from captcha_ocr.fetch.tables.text import decoded, numbered_lines
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.opening import read_header

CROPS, BOXES, CROP_FOLDER = "rec_gt.txt", "Label.txt", "crop_img"
UNREAD = frozenset({"", "###", "待识别"})  # what stands where a text is illegible, or has not been read yet
WHOLE = 0.5  # share of the picture that its only box covers at least, if its text is that of the whole picture


@dataclass(frozen=True)
class _Box:
    """A text in a picture. text: None where it is illegible, or not read yet. points: its corners, in pixels."""

    text: str | None
    points: Sequence[tuple[float, float]]

    @property
    def area(self) -> float:
        """The area of the upright rectangle around the corners, in pixels."""
        xs, ys = zip(*self.points, strict=True)
        return float((max(xs) - min(xs)) * (max(ys) - min(ys)))


def _box(value: Any) -> _Box:
    """A box as Label.txt has it; raises TypeError, KeyError or ValueError where it is none."""
    text, points = value["transcription"], [(float(x), float(y)) for x, y in value["points"]]
    if not isinstance(text, str) or not points:
        raise TypeError
    return _Box(None if value.get("difficult") or text in UNREAD else text, points)


def _lines(files: Files, name: str) -> Iterator[tuple[Row, list[_Box]]]:
    """The pictures of a Label.txt and their boxes; raises CaptchaOcrError naming the lines that are none.

    A path there begins with the name that the file's own folder had when it was written.
    """
    folder, wrong = str(PurePosixPath(name).parent), []
    for number, line in numbered_lines(decoded(files.read(name), name)):
        path, _, boxes = line.partition("\t")
        try:
            found = [_box(value) for value in json.loads(boxes)]
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
            wrong.append(f"line {number} ({line[:60]!r})")
        else:
            yield Row(name, number, folder, PurePosixPath(path).name, None, file_split(name)), found
    if wrong:
        raise CaptchaOcrError(
            f"{name}: not a path, a tab and boxes as PPOCRLabel writes them: {listed(wrong)}: correct it"
        )


def _named(files: Files, last: str) -> list[str]:
    return [name for name in files.names if PurePosixPath(name).name == last]


def _crops(files: Files) -> list[str]:
    """Each rec_gt.txt beside a folder of crops."""
    folders = {str(PurePosixPath(name).parent) for name in files.names}
    return [name for name in _named(files, CROPS) if str(PurePosixPath(name).with_name(CROP_FOLDER)) in folders]


def recognises(files: Files) -> bool:
    """Whether there is a rec_gt.txt beside crop_img, or a Label.txt with boxes."""
    if _crops(files):
        return True
    try:
        return any(next(_lines(files, name), None) for name in _named(files, BOXES))
    except CaptchaOcrError:
        return False


def _covers(box: _Box, content: bytes, name: str) -> bool:
    """Whether the text in a box is that of the whole picture. Of a broken picture, validation tells."""
    try:
        picture = read_header(content, name)
    except CaptchaOcrError:
        return True
    return box.area >= WHOLE * picture.width * picture.height


def _whole(files: Files, names: Sequence[str]) -> Iterator[Row]:
    """The pictures with their labels; raises CaptchaOcrError naming those whose boxes are parts of them."""
    finder, partial = PictureFinder(files), []
    for row, boxes in (line for name in names for line in _lines(files, name)):
        name = finder.find(row.picture, row.folder)
        if len(boxes) > 1 or (boxes and name and not _covers(boxes[0], files.read(name), name)):
            partial.append(f"{row.picture} ({len(boxes)} boxes)" if len(boxes) > 1 else f"{row.picture} (a small box)")
        yield replace(row, text=boxes[0].text if boxes else None)
    if partial:
        raise CaptchaOcrError(
            f"{files.place}: the texts are those of parts of the pictures: {listed(partial)}: let PPOCRLabel cut them "
            "out (File, Export Recognition Result), which writes rec_gt.txt and crop_img beside Label.txt"
        )


def entries(files: Files, fetch: FetchParams, text: TextParams) -> list[Entry]:
    """As `Layout` describes it. A picture without a text, or an illegible one, has no label.

    Raises CaptchaOcrError naming the lines that do not fit, pictures that are missing or in two lines, and those with
    more than one box.
    """
    if crops := _crops(files):
        found = [e for name in crops for e in paddleocr.entries(files, fetch.model_copy(update={"table": name}), text)]
        return [replace(entry, text=None) if entry.text in UNREAD else entry for entry in found]
    boxes = _named(files, BOXES)
    if not boxes:
        raise CaptchaOcrError(f"{files.place} holds neither rec_gt.txt beside crop_img nor Label.txt of PPOCRLabel")
    return listed_entries(files, _whole(files, boxes))
