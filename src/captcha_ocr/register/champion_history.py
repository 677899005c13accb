"""Who is champion, and who was: the history that an append-only log of promotions tells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Promotion:
    """An entry of the log: `version` is to become champion, in place of the one that promotion `after` had made so.

    `number` is the entry's place in the log, counted from 1; `after` is 0 for the first champion. `since` is UTC,
    ISO 8601; `by` is user@host.
    """

    number: int
    after: int
    version: str
    since: str
    by: str
    reason: str


def valid_promotions(log: Iterable[Promotion]) -> list[Promotion]:
    """The promotions that took place, oldest first: each follows the last one before it that took place.

    Of several that were decided on against the same champion the earliest takes place, and the others do not: their
    authors had not seen it. So whoever reads the log sees the same history, and nobody needs a lock.
    """
    valid: list[Promotion] = []
    for promotion in sorted(log, key=lambda promotion: promotion.number):
        if promotion.after == (valid[-1].number if valid else 0):
            valid.append(promotion)
    return valid


def previous_champion(history: Sequence[Promotion]) -> str | None:
    """The version that was champion before the present one.

    Going back undoes a promotion, so going back twice undoes two.
    """
    stack: list[str] = []
    for promotion in history:
        if promotion.version in stack:
            del stack[stack.index(promotion.version) + 1 :]
        else:
            stack.append(promotion.version)
    return stack[-2] if len(stack) > 1 else None
