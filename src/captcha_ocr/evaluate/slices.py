"""Accuracy in parts of the test split: by properties of the picture, by symbol and by position."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

import pandas as pd

from captcha_ocr.artifacts.confusion import Confusion
from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.artifacts.slices import POSITION, SYMBOL, Slices
from captcha_ocr.ctc.time_steps import has_adjacent_repeats
from captcha_ocr.scoring.metrics import Proportion

BINS = 3  # most ranges that a measured property is divided into
Row = dict[str, Any]  # a row of Slices


def _slice(by: str, name: str, correct: Iterable[bool]) -> Row:
    return {"by": by, "slice": name} | asdict(Proportion.of(correct))


def _by_group(by: str, groups: pd.Series, exact: pd.Series) -> Iterator[Row]:
    for name, chosen in exact.groupby(groups, sort=True, observed=True):
        yield _slice(by, str(name), chosen)


def _range(chosen: pd.Series) -> str:
    low, high = chosen.min(), chosen.max()
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _binned(values: pd.Series) -> pd.Series:
    """For each value, the name of its range. There are up to BINS ranges of about equally many values; fewer if values
    repeat.
    """
    bins = pd.qcut(values, BINS, duplicates="drop") if values.nunique() > BINS else values
    ranges = values.groupby(bins, observed=True).transform(_range)
    return pd.Categorical(ranges, ranges[values.sort_values().index].unique(), ordered=True)


def _by_position(labels: Sequence[str], texts: Sequence[str]) -> Iterator[Row]:
    for i in range(max(map(len, labels))):
        yield _slice(
            POSITION, str(i + 1), [a[i] == b[i : i + 1] for a, b in zip(labels, texts, strict=True) if len(a) > i]
        )


def _by_symbol(confusion: Confusion, alphabet: str) -> Iterator[Row]:
    correct: defaultdict[str, list[bool]] = defaultdict(list)
    for actual, predicted in zip(confusion.actual, confusion.predicted, strict=True):
        correct[actual].append(actual == predicted)
    yield from (_slice(SYMBOL, symbol, correct[symbol]) for symbol in alphabet if symbol in correct)


def _by_picture(predictions: Predictions, manifest: Manifest) -> Iterator[Row]:
    exact, labels = pd.Series(predictions.exact), predictions.label
    yield from _by_group(
        "adjacent repeats", labels.map(lambda x: "with" if has_adjacent_repeats(x) else "without"), exact
    )
    lengths = labels.str.len()
    if lengths.nunique() > 1:
        yield from _by_group("length", lengths, exact)
    measured = {
        "contrast, grey levels": manifest.contrast,
        "share of the ink in one piece": manifest.joined_ink,
    }
    for name, values in measured.items():
        of_file = pd.Series(values.to_numpy(), index=manifest.file)
        yield from _by_group(name, _binned(predictions.file.map(of_file)), exact)


def slices(predictions: Predictions, confusion: Confusion, manifest: Manifest, alphabet: str) -> Slices:
    """The content of slices.csv; `manifest` must hold the pictures of `predictions`."""
    return Slices.from_rows(
        [
            *_by_picture(predictions, manifest),
            *_by_position(predictions.label.tolist(), predictions.text.tolist()),
            *_by_symbol(confusion, alphabet),
        ]
    )
