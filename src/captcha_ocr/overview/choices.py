"""Chooses the pictures that the page shows. Each choice gives rows of `used_pictures` in the order of display."""

from collections import defaultdict

import pandas as pd

from captcha_ocr.overview.symbols import TOTAL, symbol_counts

SEED = 0
EACH = 3  # most pictures for one rare symbol, so that several rare symbols are seen


def random_rows(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """At most `count` pictures, drawn at random, always the same ones of the same data set."""
    return frame.sample(min(count, len(frame)), random_state=SEED)


def rarest(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """At most `count` pictures that hold the rarest symbols, at most EACH for a symbol.

    The column `symbol` names the symbol that a picture is shown for, and `occurs` how often it is in all labels.
    """
    totals = symbol_counts(frame)[TOTAL]
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(frame["label"]):
        for symbol in set(label):
            if len(holders[symbol]) < count:
                holders[symbol].append(row)
    chosen: dict[int, str] = {}
    for symbol in totals.sort_values(kind="stable").index:
        new = [row for row in holders[symbol] if row not in chosen]
        chosen |= dict.fromkeys(new[:EACH], symbol)
        if len(chosen) >= count:
            break
    symbols = pd.Series(chosen, dtype=object).head(count)
    return frame.iloc[symbols.index].assign(symbol=symbols.to_numpy(), occurs=totals[symbols].to_numpy())


def longest(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """The `count` pictures with the longest labels."""
    lengths = frame["label"].str.len().sort_values(ascending=False, kind="stable")
    return frame.loc[lengths.index[:count]]


def widest(frame: pd.DataFrame, count: int) -> pd.DataFrame:
    """The `count` pictures that are widest in relation to their height."""
    ratios = (frame["width"] / frame["height"]).sort_values(ascending=False, kind="stable")
    return frame.loc[ratios.index[:count]]
