"""Finds pairs of pictures whose perceptual hashes differ in few bits, without comparing every pair."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise


def _bands(bits: int, count: int) -> list[tuple[int, int]]:
    """Divides `bits` bits into `count` bands of neighbouring bits, as (shift, mask)."""
    edges = [bits * i // count for i in range(count + 1)]
    return [(low, (1 << (high - low)) - 1) for low, high in pairwise(edges)]


def near_pairs(hashes: Sequence[int], bits: int, distance: int) -> Iterator[tuple[int, int]]:
    """Indices (i, j), i < j, of hashes of `bits` bits that differ in at most `distance` bits.

    By the pigeonhole principle such a pair agrees in at least one of `distance + 1` bands of bits, so only hashes that
    agree in a band are compared.
    """
    seen: set[tuple[int, int]] = set()
    for shift, mask in _bands(bits, distance + 1):
        buckets: defaultdict[int, list[int]] = defaultdict(list)
        for index, value in enumerate(hashes):
            bucket = buckets[value >> shift & mask]
            for other in bucket:
                close = (hashes[other] ^ value).bit_count() <= distance
                if close and (other, index) not in seen:
                    seen.add((other, index))
                    yield other, index
            bucket.append(index)
