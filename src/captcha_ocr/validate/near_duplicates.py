"""Finds pictures whose perceptual hashes differ in few bits, without comparing every pair."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
Hashes = NDArray[np.uint64]  # [N, W]: one row of 64-bit words for each hash
WORD = 8  # bytes of a word
NONE = -1
# Hashes before it with which one is compared in a band. Pictures that all agree there and nowhere else, as somebody may
# make them, would take a time that grows with their square.
MOST_COMPARED = 2000


def words_of(hashes: Sequence[str]) -> Hashes:
    """Hashes in hexadecimal, all of one length, as rows of 64-bit words."""
    digits = max(map(len, hashes), default=2 * WORD)
    padded = -digits % (2 * WORD) + digits
    content = bytes.fromhex("".join(text.zfill(padded) for text in hashes))
    return np.frombuffer(content, np.uint64).reshape(-1, padded // (2 * WORD))


def _bits(hashes: Hashes) -> NDArray[np.uint8]:
    return np.unpackbits(np.ascontiguousarray(hashes).view(np.uint8).reshape(len(hashes), -1), axis=1)


def _band_values(bits: NDArray[np.uint8], band: int, bands: int) -> NDArray[np.void]:
    """What each hash has in a band of its bits [N, B]. Every `bands`th bit belongs to a band: neighbours are alike."""
    packed = np.packbits(bits[:, band::bands], axis=1)
    if not packed.shape[1]:  # more bands than bits: all agree in the empty ones
        packed = np.zeros((len(bits), 1), np.uint8)
    return np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()


def _differ(first: Hashes, second: Hashes) -> NDArray[np.int64]:
    """In how many bits the rows differ, [N]."""
    return np.asarray(np.bitwise_count(first ^ second).sum(axis=1, dtype=np.int64))


def _search_band(hashes: Hashes, values: NDArray[np.void], distance: int, found: Indices) -> None:
    """Notes in `found`, for hashes that have no partner yet, an earlier one that agrees in the band and is near."""
    _, group = np.unique(values, return_inverse=True)
    order = np.argsort(group, kind="stable")  # earlier hashes come first within a group
    group, near = group[order], hashes[order]
    later = np.arange(1, len(order))
    step = 1
    while len(later) and step <= MOST_COMPARED:
        # A hash whose `step`th predecessor is of another group has compared itself with all of its group.
        later = later[(group[later] == group[later - step]) & (found[order[later]] == NONE)]
        close = _differ(near[later], near[later - step]) <= distance
        found[order[later[close]]] = order[later[close] - step]
        step += 1
        later = later[~close & (later >= step)]


def earlier_neighbours(hashes: Hashes, distance: int) -> Indices:
    """For each of the hashes, the index of one before it that differs in at most `distance` bits, or NONE.

    The hashes must be distinct, or each finds its own copy. By the pigeonhole principle two near hashes agree in at
    least one of `distance + 1` bands of bits, so only hashes that agree in a band are compared, each with MOST_COMPARED
    at most. Memory and time grow with the number of hashes alone.
    """
    found = np.full(len(hashes), NONE, dtype=np.int64)
    if not len(hashes):
        return found
    bits, bands = _bits(hashes), distance + 1
    for band in range(bands):
        _search_band(hashes, _band_values(bits, band, bands), distance, found)
    return found
