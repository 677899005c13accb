"""Two trained recognisers side by side: what was set differently, and what came of it on the same pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from captcha_ocr.base.nested import flatten
from captcha_ocr.compare.candidates import Candidate
from captcha_ocr.pictures.labelled import LabelledPictures
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.promotion import texts_of
from captcha_ocr.report.data_uris import picture_uri
from captcha_ocr.report.templating import render
from captcha_ocr.scoring.metrics import MISSING, Proportion, character_error_rate, exact_proportion
from captcha_ocr.scoring.paired import Paired, paired

ABSENT = "absent"
SAME = "Both were scored on these pictures when they were evaluated."
ANEW = (
    "They were evaluated on different test pictures, so both exported files have read the current test split now. "
    "A model trained on another split may have learnt from some of these pictures."
)


@dataclass(frozen=True)
class Side:
    """What one recogniser reads; CER is a share of 1."""

    name: str
    exact: Proportion
    cer: float


@dataclass(frozen=True)
class Misreading:
    """A picture that only one of the two reads exactly, and the other's text."""

    file: str
    label: str
    text: str


@dataclass(frozen=True)
class Comparison:
    """The first recogniser against the second.

    scored: which pictures were compared, in words. parameters: name, first and second value of those that differ.
    alone: for each side, what only it reads.
    """

    sides: tuple[Side, Side]
    paired: Paired
    scored: str
    parameters: list[tuple[str, Any, Any]]
    alone: tuple[list[Misreading], list[Misreading]]


@dataclass(frozen=True)
class _BothRead:
    """The same pictures, read by both: file names, labels, and two lists of texts."""

    files: Sequence[str]
    labels: Sequence[str]
    first: Sequence[str]
    second: Sequence[str]


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(name, first value, second value) of every parameter that differs or that one side lacks."""
    a, b = flatten(first), flatten(second)
    pairs = [(key, a.get(key, ABSENT), b.get(key, ABSENT)) for key in sorted(a.keys() | b.keys())]
    return [(key, first_value, second_value) for key, first_value, second_value in pairs if first_value != second_value]


def _recorded(first: Candidate, second: Candidate) -> _BothRead | None:
    """The recorded readings, where both are of the same pictures."""
    a, b = ({r.file: r for r in side.predictions.rows()} for side in (first, second))
    files = sorted(a)
    if files != sorted(b) or any(a[file].label != b[file].label for file in files):
        return None
    return _BothRead(files, [a[f].label for f in files], [a[f].text for f in files], [b[f].text for f in files])


def _read_now(first: Candidate, second: Candidate, current: LabelledPictures) -> _BothRead:
    texts = [texts_of(Recognizer.from_bytes(side.model, side.name), current) for side in (first, second)]
    return _BothRead(current.names, current.labels, *texts)


def compare_pair(first: Candidate, second: Candidate, current: LabelledPictures) -> Comparison:
    """Compares two candidates; `current` is the test split of the workspace."""
    recorded = _recorded(first, second)
    read = recorded or _read_now(first, second, current)
    right = [np.array(read.labels) == np.array(texts) for texts in (read.first, read.second)]
    alone = [
        [Misreading(read.files[i], read.labels[i], other[i]) for i in np.flatnonzero(mine & ~theirs).tolist()]
        for mine, theirs, other in ((right[0], right[1], read.second), (right[1], right[0], read.first))
    ]
    sides = [
        Side(side.name, exact_proportion(read.labels, texts), character_error_rate(read.labels, texts))
        for side, texts in ((first, read.first), (second, read.second))
    ]
    return Comparison(
        (sides[0], sides[1]),
        paired(read.labels, read.first, read.second),
        SAME if recorded else ANEW,
        differing(first.params, second.params),
        (alone[0], alone[1]),
    )


def as_text(found: Comparison) -> str:
    """For a terminal."""
    lines = ["parameters that differ:" if found.parameters else "no parameter differs"]
    lines += [f"  {name}: {a} | {b}" for name, a, b in found.parameters]
    lines += ["", found.scored]
    lines += [
        f"  {side.name}: exact match {side.exact.share:.2%} ({side.exact.low:.2%} to {side.exact.high:.2%}), "
        f"CER {side.cer:.2%}"
        for side in found.sides
    ]
    lines += [found.paired.sentence()]
    for side, other, rows in zip(found.sides, reversed(found.sides), found.alone, strict=True):
        lines += [f"read by {side.name} alone: {len(rows)}"]
        lines += [f"  {row.file}: {row.label}, which {other.name} reads as {row.text or MISSING}" for row in rows]
    return "\n".join(lines)


def as_html(found: Comparison, folder: Path) -> str:
    """One page that needs no other file, with the pictures of `folder` that only one side reads."""
    alone = list(zip(found.sides, reversed(found.sides), found.alone, strict=True))

    def picture(file: str) -> str:
        return picture_uri(folder / file)

    return render("captcha_ocr.compare", "comparison.html", found=found, alone=alone, picture=picture, missing=MISSING)
