"""How well parts of the test split are read: by what the picture shows, by symbol and by position."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import pandas as pd

from captcha_ocr.ctc.likelihood import time_steps_needed
from captcha_ocr.scoring.metrics import wilson_interval

BINS = 3
SYMBOL, POSITION = "symbol", "position"
# What the manifest measures of a picture, and what to call it.
MEASURED = {"contrast": "contrast, grey levels", "joined_ink": "share of the ink in one piece"}


@dataclass(frozen=True)
class Slice:
    """`correct` of `samples` were read: pictures, or single symbols where `by` is SYMBOL or POSITION."""

    by: str
    slice: str
    samples: int
    correct: int
    share: float
    low: float
    high: float


def _slice(by: str, name: str, right: Sequence[bool]) -> Slice:
    samples, correct = len(right), sum(map(bool, right))
    return Slice(by, name, samples, correct, correct / samples, *wilson_interval(correct, samples))


def _by_group(by: str, groups: pd.Series, exact: pd.Series) -> Iterator[Slice]:
    for name, chosen in exact.groupby(groups, sort=True, observed=True):
        yield _slice(by, str(name), chosen.tolist())


def _range(chosen: pd.Series) -> str:
    low, high = chosen.min(), chosen.max()
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _binned(values: pd.Series) -> pd.Series:
    """Names of up to BINS ranges that hold about equally many; fewer where values repeat."""
    bins = pd.qcut(values, BINS, duplicates="drop") if values.nunique() > BINS else values
    ranges = values.groupby(bins, observed=True).transform(_range)
    return pd.Categorical(ranges, ranges[values.sort_values().index].unique(), ordered=True)


def _by_position(labels: Sequence[str], texts: Sequence[str]) -> Iterator[Slice]:
    for i in range(max(map(len, labels))):
        right = [a[i] == b[i : i + 1] for a, b in zip(labels, texts, strict=True) if len(a) > i]
        yield _slice(POSITION, str(i + 1), right)


def _by_symbol(confusion: pd.DataFrame, alphabet: str) -> Iterator[Slice]:
    for symbol in alphabet:
        read = confusion.loc[confusion["actual"] == symbol, "predicted"]
        if len(read):
            yield _slice(SYMBOL, symbol, (read == symbol).tolist())


def _by_picture(predictions: pd.DataFrame, manifest: pd.DataFrame) -> Iterator[Slice]:
    exact, labels = predictions["edit_distance"] == 0, predictions["label"]
    repeats = labels.map(lambda label: "with" if time_steps_needed(label) > len(label) else "without")
    yield from _by_group("adjacent repeats", repeats, exact)
    if labels.str.len().nunique() > 1:
        yield from _by_group("length", labels.str.len(), exact)
    facts = predictions[["file"]].merge(manifest, on="file", how="left")
    for column, name in MEASURED.items():
        yield from _by_group(name, _binned(facts[column]), exact)


def slices(predictions: pd.DataFrame, confusion: pd.DataFrame, manifest: pd.DataFrame, alphabet: str) -> pd.DataFrame:
    """For slices.csv, the fields of Slice as columns; shares of 1 with 95 % intervals (Wilson 1927).

    `confusion` has a row a symbol, `manifest` measures the pictures of `predictions`.
    """
    rows = [
        *_by_picture(predictions, manifest),
        *_by_position(predictions["label"].tolist(), predictions["text"].tolist()),
        *_by_symbol(confusion, alphabet),
    ]
    return pd.DataFrame([asdict(row) for row in rows])
