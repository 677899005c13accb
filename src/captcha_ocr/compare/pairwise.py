"""Two trained recognisers side by side: what was set differently, and what came of it on the same pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from captcha_ocr.base.nested import flatten
from captcha_ocr.compare.candidates import Subject
from captcha_ocr.network.samples import Pictures
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.promotion import texts_of
from captcha_ocr.report.data_uris import picture_uri
from captcha_ocr.report.templating import render
from captcha_ocr.scoring.metrics import character_error_rate, exact_match, wilson_interval
from captcha_ocr.scoring.paired import Paired, paired

ABSENT = "absent"
SAME = "Both were scored on these pictures when they were evaluated."
ANEW = (
    "They were evaluated on different test pictures, so both exported files have read the current test split now. "
    "A model trained on another split may have learnt from some of these pictures."
)


@dataclass(frozen=True)
class Figures:
    """One side's figures; shares of 1."""

    name: str
    exact_match: float
    low: float
    high: float
    cer: float


@dataclass(frozen=True)
class Versus:
    """The whole comparison. `only` holds, for each side, rows file, label, text of what it alone reads, text being the
    other's misreading.
    """

    sides: tuple[Figures, Figures]
    comparison: Paired
    scored: str
    parameters: list[tuple[str, Any, Any]]
    only: tuple[pd.DataFrame, pd.DataFrame]


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """(name, first value, second value) of every parameter that differs or that one side lacks."""
    a, b = flatten(first), flatten(second)
    pairs = [(key, a.get(key, ABSENT), b.get(key, ABSENT)) for key in sorted(a.keys() | b.keys())]
    return [(key, first_value, second_value) for key, first_value, second_value in pairs if first_value != second_value]


def _common(first: Subject, second: Subject, current: Pictures) -> tuple[pd.DataFrame, str]:
    """Columns file, label, first, second on pictures that both have read, and how these were chosen."""
    merged = first.predictions.merge(second.predictions, on=["file", "label"], suffixes=("_first", "_second"))
    if len(merged) == len(first.predictions) == len(second.predictions):
        merged = merged.rename(columns={"text_first": "first", "text_second": "second"})
        return merged.sort_values("file", ignore_index=True), SAME
    texts = {
        side: texts_of(Recognizer.of(subject.model, subject.name), current)
        for side, subject in (("first", first), ("second", second))
    }
    return pd.DataFrame({"file": [path.name for path in current.paths], "label": current.labels} | texts), ANEW


def _figures(name: str, labels: list[str], texts: list[str]) -> Figures:
    exact = exact_match(labels, texts)
    return Figures(
        name, exact, *wilson_interval(round(exact * len(labels)), len(labels)), character_error_rate(labels, texts)
    )


def versus(first: Subject, second: Subject, current: Pictures) -> Versus:
    """Compares two subjects; `current` is the test split of the workspace."""
    read, scored = _common(first, second, current)
    labels, a, b = read["label"].tolist(), read["first"].tolist(), read["second"].tolist()
    right_a, right_b = read["first"] == read["label"], read["second"] == read["label"]
    only = (
        read[right_a & ~right_b].rename(columns={"second": "text"})[["file", "label", "text"]],
        read[right_b & ~right_a].rename(columns={"first": "text"})[["file", "label", "text"]],
    )
    sides = (_figures(first.name, labels, a), _figures(second.name, labels, b))
    return Versus(sides, paired(labels, a, b), scored, differing(first.params, second.params), only)


def as_text(found: Versus) -> str:
    """For a terminal."""
    lines = ["parameters that differ:" if found.parameters else "no parameter differs"]
    lines += [f"  {name}: {a} | {b}" for name, a, b in found.parameters]
    lines += ["", found.scored]
    lines += [
        f"  {side.name}: exact match {side.exact_match:.2%} ({side.low:.2%} to {side.high:.2%}), CER {side.cer:.2%}"
        for side in found.sides
    ]
    lines += [found.comparison.sentence()]
    for side, other, rows in zip(found.sides, reversed(found.sides), found.only, strict=True):
        lines += [f"read by {side.name} alone: {len(rows)}"]
        lines += [
            f"  {row.file}: {row.label}, which {other.name} reads as {row.text or '∅'}" for row in rows.itertuples()
        ]
    return "\n".join(lines)


def as_html(found: Versus, folder: Path) -> str:
    """One page that needs no other file, with the pictures of `folder` that only one side reads."""
    alone = [
        (side.name, other.name, list(rows.itertuples()))
        for side, other, rows in zip(found.sides, reversed(found.sides), found.only, strict=True)
    ]
    return render(
        "captcha_ocr.compare",
        "comparison.html",
        found=found,
        alone=alone,
        picture=lambda file: picture_uri(folder / file),
    )
