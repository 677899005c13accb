"""Finds pictures that are equal or look alike, and names for each another one."""

import numpy as np
import pandas as pd

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.validate.near_duplicates import NONE, earlier_neighbours, words_of


def _named(partners: pd.Series, manifest: Manifest, wording: str) -> pd.Series:
    """For each picture, `wording` and the name of its partner, from the partners' rows; missing where there is none."""
    there = partners.dropna().astype(int)
    return pd.Series(wording + manifest.file.iloc[there].to_numpy(), index=there.index, dtype=object).reindex(
        manifest.file.index
    )


def equal_pixels(manifest: Manifest, kinds: pd.Series) -> pd.Series:
    """For each picture but the first of those with equal pixels and equal `kinds`, a message that names the one before.

    `kinds` is, say, the label. A picture without a kind is left out.
    """
    rows = pd.Series(np.arange(len(manifest)), index=kinds.index)
    return _named(rows.groupby([manifest.pixels_sha256, kinds]).shift(), manifest, "same pixels as ")


def equal_pixels_of_another(manifest: Manifest, kinds: pd.Series) -> pd.Series:
    """For each picture that another one equals in pixels and not in `kinds`, a message that names the other.

    It is the nearest before it, or the nearest after it if there is none before. `kinds` is, say, the label. A picture
    without a kind is left out.
    """
    pixels = manifest.pixels_sha256
    frame = pd.DataFrame({"pixels": pixels, "kind": kinds, "row": np.arange(len(manifest))}).dropna()
    frame = frame.sort_values(["pixels", "row"])
    before = frame.shift()
    changes = (frame["pixels"] == before["pixels"]) & (frame["kind"] != before["kind"])
    earlier = before["row"].where(changes).groupby(frame["pixels"]).ffill()
    later = frame["row"].where(changes).groupby(frame["pixels"]).bfill()
    return _named(earlier.fillna(later), manifest, "same pixels as ")


def near_twins(manifest: Manifest, distance: int) -> pd.Series:
    """For each picture, a message that names an earlier one that looks nearly the same but has other pixels.

    `distance` is the most bits in which their perceptual hashes differ. Missing where there is none, and for a picture
    with the pixels of an earlier one.
    """
    distinct = manifest.phash[manifest.pixels_sha256.notna() & ~manifest.pixels_sha256.duplicated()]
    codes, hashes = pd.factorize(distinct)
    first = distinct.index[np.unique(codes, return_index=True)[1]].to_numpy()  # the first picture of each hash
    neighbours = earlier_neighbours(words_of(list(hashes)), distance)
    partner = np.where(neighbours[codes] == NONE, np.nan, first[neighbours[codes]])
    # An equal hash is nearer still.
    partner = np.where(first[codes] == distinct.index, partner, first[codes])
    return _named(pd.Series(partner, index=distinct.index), manifest, "looks like ")
