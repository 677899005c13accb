"""`file_names`: each picture's file name is its label, or holds it where text.label_pattern finds it."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.time_limit import time_limit
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.layouts.entry import Entry, common_folder, folder_split, normalised
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.endings import is_picture_name

SECONDS, SECONDS_PER_NAME = 10, 0.001  # in which the labels of all names are found; a usual pattern takes microseconds


def recognises(files: Files) -> bool:
    """Whether there are pictures: their names may always be labels."""
    return any(is_picture_name(name) for name in files.names)


def label_of(name: str, pattern: str) -> str | None:
    """What the group of `pattern` matches in a file's name without folders and ending; None without a match."""
    match = re.fullmatch(pattern, normalised(PurePosixPath(name).stem))
    return match[1] if match else None


def _labels(names: Sequence[str], pattern: str) -> list[str | None]:
    """The labels in the names of files; raises CaptchaOcrError if finding them takes too long."""
    labels: list[str | None] = []
    try:
        with time_limit(SECONDS + SECONDS_PER_NAME * len(names)):
            for name in names:
                labels.append(label_of(name, pattern))  # to know which name it was
    except TimeoutError:
        raise CaptchaOcrError(
            f"text.label_pattern = {pattern!r} takes too long at {names[len(labels)]}: write it without one repetition "
            "inside another, as (.+) in place of ((.+)+)"
        ) from None
    return labels


def entries(files: Files, fetch: FetchParams, text: TextParams) -> Iterator[Entry]:
    """As `Layout` describes it. Raises CaptchaOcrError for a file that is no picture, and for a slow label_pattern."""
    foreign = [name for name in files.names if not is_picture_name(name)]
    if foreign:
        raise CaptchaOcrError(
            f"{files.place}: not a picture: {listed(foreign)}: remove it, or name it in fetch.ignore in params.yaml"
        )
    above = len(common_folder(files.names))
    for name, label in zip(files.names, _labels(files.names, text.label_pattern), strict=True):
        file = name[above:]
        yield Entry(file, label, folder_split(file), partial(files.read, name))
