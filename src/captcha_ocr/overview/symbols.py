"""Counts the symbols of the labels, and writes a symbol so that it can be seen."""

import unicodedata
from collections import Counter

import pandas as pd

from captcha_ocr.artifacts.splits import SIDES

TOTAL = "total"


def symbol_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """How often each symbol occurs in the labels: a row for each symbol, a column for each split, and TOTAL.

    The most frequent symbol is first; of equally frequent ones, the one with the lower code point.
    """
    counted = {side: Counter("".join(frame["label"][frame["split"] == side])) for side in SIDES}
    counts = pd.DataFrame(counted, columns=list(SIDES)).fillna(0).astype("int64")
    counts[TOTAL] = counts.sum(axis=1)
    return counts.sort_index().sort_values(TOTAL, ascending=False, kind="stable")


def visible(symbol: str) -> str:
    """The symbol; its code point where it has no shape of its own, and a combining mark on a dotted circle."""
    category = unicodedata.category(symbol)
    if category[0] in "CZ":
        return f"U+{ord(symbol):04X}"
    return f"\N{DOTTED CIRCLE}{symbol}" if category[0] == "M" else symbol


def name_of(symbol: str) -> str:
    """Code point and Unicode name of a symbol, which tells apart symbols that look alike."""
    return f"U+{ord(symbol):04X} {unicodedata.name(symbol, '')}".strip()
