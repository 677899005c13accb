"""`file_names`: each picture's file name is its label, or holds it where text.label_pattern finds it."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import PurePosixPath

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry, common_folder, folder_split, normalised
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.endings import is_picture_name


def recognises(files: Files) -> bool:
    """Whether there are pictures: their names may always be labels."""
    return any(is_picture_name(name) for name in files.names)


def label_of(name: str, pattern: str) -> str | None:
    """What the group of `pattern` matches in a file's name without folders and ending; None without a match."""
    match = re.fullmatch(pattern, normalised(PurePosixPath(name).stem))
    return match[1] if match else None


def entries(files: Files, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError for a file that is no picture."""
    foreign = [name for name in files.names if not is_picture_name(name)]
    if foreign:
        raise CaptchaOcrError(
            f"{files.place}: not a picture: {listed(foreign)}: remove it, or name it in fetch.ignore in params.yaml"
        )
    above = len(common_folder(files.names))
    for name in files.names:
        label = label_of(name, text.label_pattern)
        file = name[above:]
        yield Entry(file, label, folder_split(file), partial(files.read, name))
