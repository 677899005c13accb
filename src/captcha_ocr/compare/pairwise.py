"""Compares two trained recognisers: their parameters, and their readings of the same pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.base.nested import flatten
from captcha_ocr.base.terminal import visible
from captcha_ocr.compare.candidates import Candidate
from captcha_ocr.pages.data_uris import picture_uri
from captcha_ocr.pages.templating import render
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.promotion import texts_of
from captcha_ocr.scoring.metrics import MISSING, Proportion, character_error_rate, exact_proportion
from captcha_ocr.scoring.paired import Paired, paired

ABSENT = "absent"  # shown for a parameter that one side does not have
SAME_PICTURES = "Both were scored on these pictures when they were evaluated."
READ_AGAIN = (
    "They were evaluated on different test pictures. So both exported files have now read the test split of the "
    "workspace. A model trained on another split may have been trained on some of these pictures."
)


@dataclass(frozen=True)
class Side:
    """Exact match and CER of one recogniser, as shares of 1."""

    name: str
    exact: Proportion
    cer: float


@dataclass(frozen=True)
class Misreading:
    """A picture that only one of the two recognisers reads exactly; `text` is what the other one reads."""

    file: str
    label: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """The first recogniser compared with the second.

    scored: in words, which pictures were compared. parameters: name, first value and second value of each parameter
    that differs. read_by_one: for each side, the pictures that only this side reads exactly.
    """

    sides: tuple[Side, Side]
    paired: Paired
    scored: str
    parameters: list[tuple[str, Any, Any]]
    read_by_one: tuple[list[Misreading], list[Misreading]]


@dataclass(frozen=True)
class _BothRead:
    """The same pictures read by both: file names, labels, and the texts of each side."""

    files: Sequence[str]
    labels: Sequence[str]
    first: Sequence[str]
    second: Sequence[str]


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(name, first value, second value) of every parameter that differs, or that only one side has."""
    a, b = flatten(first), flatten(second)
    pairs = [(key, a.get(key, ABSENT), b.get(key, ABSENT)) for key in sorted(a.keys() | b.keys())]
    return [(key, first_value, second_value) for key, first_value, second_value in pairs if first_value != second_value]


def _recorded(first: Candidate, second: Candidate) -> _BothRead | None:
    """The readings recorded at evaluation; None unless both sides read the same pictures with the same labels."""
    a, b = ({r.file: r for r in side.predictions.rows()} for side in (first, second))
    files = sorted(a)
    if files != sorted(b) or any(a[file].label != b[file].label for file in files):
        return None
    return _BothRead(files, [a[f].label for f in files], [a[f].text for f in files], [b[f].text for f in files])


def _read_again(first: Candidate, second: Candidate, current: LabelledPictures) -> _BothRead:
    """Reads `current` with the exported files of both sides."""
    texts = [texts_of(Recognizer.from_bytes(side.model, side.name), current) for side in (first, second)]
    return _BothRead(current.names, current.labels, *texts)


def compare_pair(first: Candidate, second: Candidate, current: LabelledPictures) -> Comparison:
    """Compares two candidates.

    If they were evaluated on different pictures, both read `current`, the test split of the workspace.
    """
    recorded = _recorded(first, second)
    read = recorded or _read_again(first, second, current)
    first_exact, second_exact = (np.array(read.labels) == np.array(texts) for texts in (read.first, read.second))
    first_only, second_only = (
        [Misreading(read.files[i], read.labels[i], other_texts[i]) for i in np.flatnonzero(only).tolist()]
        for only, other_texts in ((first_exact & ~second_exact, read.second), (second_exact & ~first_exact, read.first))
    )
    sides = [
        Side(side.name, exact_proportion(read.labels, texts), character_error_rate(read.labels, texts))
        for side, texts in ((first, read.first), (second, read.second))
    ]
    return Comparison(
        (sides[0], sides[1]),
        paired(read.labels, read.first, read.second),
        SAME_PICTURES if recorded else READ_AGAIN,
        differing(first.params, second.params),
        (first_only, second_only),
    )


def as_text(comparison: Comparison) -> str:
    """The comparison as text for a terminal, in which nothing controls it."""
    lines = ["parameters that differ:" if comparison.parameters else "no parameter differs"]
    lines += [f"  {name}: {a} | {b}" for name, a, b in comparison.parameters]
    lines += ["", comparison.scored]
    lines += [
        f"  {side.name}: exact match {side.exact.share:.2%} ({side.exact.low:.2%} to {side.exact.high:.2%}), "
        f"CER {side.cer:.2%}"
        for side in comparison.sides
    ]
    lines += [comparison.paired.sentence()]
    for side, other, rows in zip(comparison.sides, reversed(comparison.sides), comparison.read_by_one, strict=True):
        lines += [f"read by {side.name} alone: {len(rows)}"]
        lines += [f"  {row.file}: {row.label}, which {other.name} reads as {row.text or MISSING}" for row in rows]
    return "\n".join(map(visible, lines))


def as_html(comparison: Comparison, shards: PictureShards) -> str:
    """The comparison as an HTML page that needs no other file; pictures are taken from `shards`."""
    read_by_one = list(zip(comparison.sides, reversed(comparison.sides), comparison.read_by_one, strict=True))

    contents = shards.contents({row.file for rows in comparison.read_by_one for row in rows})

    def picture(file: str) -> str:
        return picture_uri(file, contents[file])

    return render(
        "captcha_ocr.compare",
        "comparison.html",
        comparison=comparison,
        read_by_one=read_by_one,
        picture=picture,
        missing=MISSING,
    )
