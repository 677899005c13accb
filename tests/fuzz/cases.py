"""How many cases a target gets, and the ways in which well-formed bytes are broken."""

import struct
from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FUZZ = "fuzz"  # the profile of `make fuzz`
SHORT = 60  # cases of a target in the test suite
Value = TypeVar("Value", bound=Hashable)

# Numbers at which sizes, offsets and counts go wrong.
EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
WIDE_EDGES = (*EDGES, 1 << 32, (1 << 63) - 1, 1 << 63, (1 << 64) - 1)
FORMS = ("<B", "<H", ">H", "<I", ">I", "<Q", ">Q")
# Positions in bytes of any length. Headers are at the beginning or, as a zip's directory, at the end.
PLACES = st.one_of(st.integers(0, 48), st.integers(0, 1 << 20), st.integers(-96, -1))
CHANGES = ("bit", "bit", "number", "number", "number", "cut", "drop", "repeat", "insert", "splice")
COUNTS = (1, 2, 4, 8, 16, 64, 512, 4096)
FEW_BYTES = st.binary(max_size=16)


def fuzzed(test: Callable[..., None]) -> Callable[..., None]:
    """Tries `test` as often as the profile says. In the test suite these are always the same few cases."""
    if settings.get_current_profile_name() == FUZZ:
        return settings(suppress_health_check=list(HealthCheck))(test)
    return settings(max_examples=SHORT, derandomize=True, database=None, suppress_health_check=list(HealthCheck))(test)


# A strategy takes longer to make than to draw from: those that are made while a case is drawn are kept.
@cache
def one(*values: Value) -> st.SearchStrategy[Value]:
    """One of the values."""
    return st.sampled_from(values)


@cache
def upto(highest: int) -> st.SearchStrategy[int]:
    """A number from 0 to `highest`."""
    return st.integers(0, highest)


def rare(draw: st.DrawFn, odds: int, value: st.SearchStrategy[Any], usual: Any) -> Any:
    """`usual`, and once in `odds` times a `value`."""
    return draw(value) if draw(upto(odds - 1)) == odds - 1 else usual


class Trouble:
    """Where a case goes wrong: in one respect, or in all. What goes wrong everywhere is refused at the first thing."""

    def __init__(self, draw: st.DrawFn, *respects: str) -> None:
        self.draw, self.kind = draw, draw(one("none", *respects, *respects, "all"))

    def rare(self, respect: str, odds: int, value: st.SearchStrategy[Any], usual: Any) -> Any:
        """As `rare`, and `usual` where the case goes wrong in another respect."""
        return rare(self.draw, odds, value, usual) if self.kind in (respect, "all") else usual

    def broken(self, respect: str, content: bytes, others: Sequence[bytes] = (), most: int = 3) -> bytes:
        """As `broken`, and `content` as it is where the case goes wrong in another respect."""
        return broken(self.draw, content, others, most) if self.kind in (respect, "all") else content


def _one_change(draw: st.DrawFn, content: bytes, others: Sequence[bytes]) -> bytes:
    """`content` with one thing broken; `others` are whole files of which parts may be put in."""
    place = draw(PLACES) % (len(content) + 1)
    kind, count = draw(one(*CHANGES)), draw(one(*COUNTS))
    before, after = content[:place], content[place:]
    if kind == "bit" and after:
        return before + bytes([after[0] ^ (1 << draw(upto(7)))]) + after[1:]
    if kind == "number":
        form = draw(one(*FORMS))
        size = struct.calcsize(form)
        return before + struct.pack(form, draw(one(*WIDE_EDGES)) % (1 << 8 * size)) + after[size:]
    if kind == "cut":
        return before
    if kind == "drop":
        return before + after[count:]
    if kind == "repeat":
        return before + after[:count] * (2 + draw(upto(18))) + after[count:]
    if kind == "splice" and others:
        other = others[draw(upto(len(others) - 1))]
        start = draw(PLACES) % (len(other) + 1)
        return before + other[start : start + count] + after[count * draw(upto(1)) :]
    return before + draw(FEW_BYTES) + after


def broken(draw: st.DrawFn, content: bytes, others: Sequence[bytes] = (), most: int = 4) -> bytes:
    """`content` with up to `most` changes; often it stays as it is, or has one."""
    for _ in range(draw(one(0, 0, 1, 1, most))):
        content = _one_change(draw, content, others)
    return content
