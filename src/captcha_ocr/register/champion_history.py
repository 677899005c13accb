"""Who is champion, and who was: the history that an append-only log of claims tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A wish to make `version` champion after the reign that began with claim `after` (0: before the first).

    `number` is its place in the log, counted from 1; `since` is UTC, ISO 8601.
    """

    number: int
    after: int
    version: str
    since: str
    by: str
    reason: str


def reigns(log: Iterable[Claim]) -> list[Claim]:
    """The claims that hold, oldest first: each that follows the last one before it which holds.

    Of several that were decided on against the same champion the earliest holds, and the others do not: their authors
    had not seen it. So whoever reads the log sees the same history, and nobody needs a lock.
    """
    held: list[Claim] = []
    for claim in sorted(log, key=lambda claim: claim.number):
        if claim.after == (held[-1].number if held else 0):
            held.append(claim)
    return held


def predecessor(held: Sequence[Claim]) -> str | None:
    """The version that reigned before the present one. Going back undoes a reign, so going back twice undoes two."""
    stack: list[str] = []
    for reign in held:
        if reign.version in stack:
            del stack[stack.index(reign.version) + 1 :]
        else:
            stack.append(reign.version)
    return stack[-2] if len(stack) > 1 else None
