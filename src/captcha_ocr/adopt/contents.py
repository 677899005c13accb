"""Reads a source as `fetch` would, whatever it holds: labels, the form of every picture, the look of some."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from tqdm import tqdm

from captcha_ocr.adopt.labels import in_few_labels
from captcha_ocr.adopt.name_patterns import NamePattern, find_pattern
from captcha_ocr.adopt.pictures import Form, Look, form_of, looks_at
from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.containers.files import Files
from captcha_ocr.fetch.isolated import ISOLATED, isolated_entries
from captcha_ocr.fetch.layouts import LAYOUTS, layout
from captcha_ocr.fetch.layouts.entry import Entry, normalised
from captcha_ocr.fetch.table_source import LIST_ENDINGS
from captcha_ocr.params.params import FetchParams, Params, TextParams
from captcha_ocr.pictures.endings import PICTURE_ENDINGS, is_picture_name

FILE_NAMES = "file_names"
ENDINGS = (*PICTURE_ENDINGS, *LIST_ENDINGS, ".parquet", ".mdb", ".tar")  # of files in which a layout may have anything
UNLIMITED = 10**9  # megabytes, and pictures; fetch.max_ratio still stops a zip bomb
SAMPLE = 500  # pictures whose pixels are looked at, drawn with SEED
SEED = 0
BATCH = 64  # pictures that are looked at together


@dataclass(frozen=True)
class Contents:
    """What a source holds.

    ignored: how many files each pattern of fetch.ignore leaves out. pattern: that of text.label_pattern, None where
    the labels are in no file names. forms: of all pictures whose head can be read, by file. looks: of some. bytes: of
    all files together, unpacked.
    """

    layout: str
    ignored: Mapping[str, int]
    pattern: NamePattern | None
    entries: Sequence[Entry]
    forms: Mapping[str, Form]
    looks: Mapping[str, Look]
    bytes: int

    @property
    def labels(self) -> dict[str, str]:
        """The label of each picture that has one, by file."""
        return {entry.file: entry.text for entry in self.entries if entry.text}


def _recognised(files: Files) -> str:
    for name in LAYOUTS:
        if layout(name).recognises(files):
            return name
    raise CaptchaOcrError(
        f"{files.place} has none of the layouts {', '.join(LAYOUTS)}: docs/sources.md says how each looks"
    )


def _foreign(files: Files, name: str) -> dict[str, int]:
    """Patterns for the files in which the layout `name` has nothing, by endings, and how many files each leaves out."""
    endings = tuple(PICTURE_ENDINGS) if name == FILE_NAMES else ENDINGS
    paths = [PurePosixPath(file) for file in files.names if not file.lower().endswith(endings)]
    return dict(Counter(f"*{path.suffix}" if path.suffix else path.name for path in paths).most_common())


def _read(entries: Sequence[Entry]) -> tuple[dict[str, Form], dict[str, Look]]:
    """The forms of all pictures, and the looks of a sample and of those with a rare symbol."""
    labels = {entry.file: entry.text for entry in entries if entry.text}
    sample = random.Random(SEED).sample(entries, min(SAMPLE, len(entries)))
    wanted = {entry.file for entry in sample} | in_few_labels(labels)
    forms: dict[str, Form] = {}
    looks: dict[str, Look] = {}
    waiting: list[Picture] = []
    for entry in tqdm(entries, desc="look", unit="picture", disable=None):
        content = entry.read()
        if form := form_of(content):
            forms[entry.file] = form
            if entry.file in wanted:
                waiting.append(Picture(entry.file, content, entry.text, entry.split))
        if len(waiting) == BATCH:
            looks |= looks_at(waiting)
            waiting.clear()
    return forms, looks | dict(looks_at(waiting))


def _part(kept: Mapping[str, Any], section: str) -> dict[str, Any]:
    """The kept values of a section."""
    found = {key.partition(".")[2]: value for key, value in kept.items() if key.startswith(f"{section}.")}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in found.items()}


def _contents(files: Files, fetch: FetchParams, text: TextParams, own_pattern: str | None) -> Contents:
    """What `files` hold, read as `fetch` and `text` say; the pattern for file names is found, or the user's own."""
    pattern = None
    if fetch.layout == FILE_NAMES:
        stems = [normalised(PurePosixPath(name).stem) for name in files.names if is_picture_name(name)]
        pattern = NamePattern(own_pattern) if own_pattern else find_pattern(stems)
        text = text.model_copy(update={"label_pattern": pattern.pattern})
    if fetch.layout in ISOLATED:
        entries = list(isolated_entries(Path(files.place), fetch, text))
    else:
        entries = list(layout(fetch.layout).entries(files, fetch, text))
    if not any(entry.text for entry in entries):
        raise CaptchaOcrError(
            f"{files.place}: none of {len(entries)} pictures has a label in the layout {fetch.layout}: "
            "docs/sources.md says where each layout has them"
        )
    size = sum(files.size(name) for name in files.names)
    return Contents(fetch.layout, {}, pattern, entries, *_read(entries), bytes=size)


def read_contents(source: Path, params: Params, kept: Mapping[str, Any]) -> Contents:
    """What `source` holds. Values of `kept`, by the names of their keys, are taken as they are.

    If the layout refuses a source that has files of no use to any layout, it is read again without these. Raises
    CaptchaOcrError as `open_source` and the layouts do, and where no picture has a label.
    """
    own = {"ignore": (), "max_unpacked_mb": UNLIMITED, "max_pictures": UNLIMITED} | _part(kept, "fetch")
    text = params.text.model_copy(update=_part(kept, "text"))
    pattern = kept.get("text.label_pattern")
    with open_source(source, params.fetch.model_copy(update=own)) as files:
        fetch = params.fetch.model_copy(update={"layout": _recognised(files)} | own)
        foreign = {} if "fetch.ignore" in kept else _foreign(files, fetch.layout)
        try:
            return _contents(files, fetch, text, pattern)
        except CaptchaOcrError:
            if not foreign:
                raise
    fetch = fetch.model_copy(update={"ignore": tuple(foreign)})
    with open_source(source, fetch) as files:
        return replace(_contents(files, fetch, text, pattern), ignored=foreign)
