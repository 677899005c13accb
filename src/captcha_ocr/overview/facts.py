"""The numbers at the top of the page."""

import pandas as pd

from captcha_ocr.artifacts.provenance import Provenance
from captcha_ocr.artifacts.splits import SIDES

Fact = tuple[str, str]


def _range(low: object, high: object) -> str:
    return f"{low}" if low == high else f"{low} to {high}"


def _sizes(frame: pd.DataFrame) -> str:
    sizes = frame.groupby(["width", "height"]).size().sort_values(ascending=False, kind="stable")
    width, height = sizes.index[0]
    if len(sizes) == 1:
        return f"all {width} × {height} pixels"
    widths, heights = (_range(frame[name].min(), frame[name].max()) for name in ("width", "height"))
    return f"{widths} × {heights} pixels; {len(sizes):,} different, most often {width} × {height} ({sizes.iloc[0]:,})"


def _given(frame: pd.DataFrame) -> str:
    given = int((frame["given_split"].fillna("") != "").sum())
    if given == len(frame):
        return "by the source of the pictures"
    if given:
        return f"{given:,} of {len(frame):,} pictures by their source, the others by a hash of their pixels"
    return "by a hash of the pictures' pixels"


def facts(frame: pd.DataFrame, described: int, symbols: int, provenance: Provenance) -> list[Fact]:
    """Names and values; `described` is the number of pictures in the manifest."""
    lengths = frame["label"].str.len()
    unused = f"; {described - len(frame):,} more are in no split" if described > len(frame) else ""
    sides = frame["split"].value_counts()
    return [
        ("pictures", f"{len(frame):,}{unused}"),
        ("labels", f"{frame['label'].nunique():,} different"),
        ("symbols in a label", _range(lengths.min(), lengths.max())),
        ("different symbols", f"{symbols:,}"),
        ("sizes", _sizes(frame)),
        ("splits", ", ".join(f"{side} {sides.get(side, 0):,}" for side in SIDES)),
        ("splits assigned", _given(frame)),
        ("origin", f"{provenance.origin} ({provenance.obtained})"),
        ("licence", provenance.licence),
        ("content digest (SHA-256)", provenance.content_digest),
    ]
