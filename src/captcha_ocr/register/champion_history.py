"""The history of champions, derived from an append-only log of promotions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Promotion:
    """An entry of the log: `version` is to become champion.

    number: the place of the entry in the log, counted from 1. after: the number of the promotion that made the present
    champion, which this one replaces; 0 if there was no champion. version: of the model in the registry. since: time in
    UTC, ISO 8601. by: user@host.
    """

    number: int
    after: int
    version: str
    since: str
    by: str
    reason: str


def valid_promotions(log: Iterable[Promotion]) -> list[Promotion]:
    """The promotions that are valid, oldest first. A promotion is valid if its `after` is the last valid one before it.

    If several promotions were decided at the same time, against the same champion, only the first in the log is valid.
    The others were decided without knowledge of it. Every reader of the log derives the same history, without a lock.
    """
    valid: list[Promotion] = []
    for promotion in sorted(log, key=lambda promotion: promotion.number):
        if promotion.after == (valid[-1].number if valid else 0):
            valid.append(promotion)
    return valid


def previous_champion(history: Sequence[Promotion]) -> str | None:
    """The version that was champion before the present one; None if there was none.

    A rollback undoes a promotion: after a rollback, it is the version before the restored one.
    """
    stack: list[str] = []
    for promotion in history:
        if promotion.version in stack:
            del stack[stack.index(promotion.version) + 1 :]
        else:
            stack.append(promotion.version)
    return stack[-2] if len(stack) > 1 else None
