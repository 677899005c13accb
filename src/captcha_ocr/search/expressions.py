"""Regular expressions as values: what remains of one after a symbol (derivatives, Brzozowski 1964).

Taking derivatives until nothing new appears yields a deterministic automaton without a detour over a nondeterministic
one. The constructors `then`, `either` and `repeat` simplify, which is what keeps the number of derivatives finite.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass


class Expression(ABC):
    """A set of texts."""

    @property
    @abstractmethod
    def nullable(self) -> bool:
        """Whether the empty text is in the set."""

    @abstractmethod
    def after(self, symbol: str) -> "Expression":
        """The rests of those texts that begin with `symbol`."""


@dataclass(frozen=True)
class Empty(Expression):
    """The empty text alone."""

    @property
    def nullable(self) -> bool:
        return True

    def after(self, symbol: str) -> Expression:
        return NOTHING


@dataclass(frozen=True)
class OneOf(Expression):
    """Each symbol of a set, as a text of its own."""

    symbols: frozenset[str]

    @property
    def nullable(self) -> bool:
        return False

    def after(self, symbol: str) -> Expression:
        return EMPTY if symbol in self.symbols else NOTHING


@dataclass(frozen=True)
class Then(Expression):
    """A text of `first` followed by one of `rest`."""

    first: Expression
    rest: Expression

    @property
    def nullable(self) -> bool:
        return self.first.nullable and self.rest.nullable

    def after(self, symbol: str) -> Expression:
        within = then(self.first.after(symbol), self.rest)
        return either([within, self.rest.after(symbol)]) if self.first.nullable else within


@dataclass(frozen=True)
class Either(Expression):
    """A text of any of the options."""

    options: frozenset[Expression]

    @property
    def nullable(self) -> bool:
        return any(option.nullable for option in self.options)

    def after(self, symbol: str) -> Expression:
        return either(option.after(symbol) for option in self.options)


@dataclass(frozen=True)
class Repeat(Expression):
    """`least` to `most` texts of `body`, one after the other; None is without end."""

    body: Expression
    least: int
    most: int | None

    @property
    def nullable(self) -> bool:
        return self.least == 0

    def after(self, symbol: str) -> Expression:
        most = None if self.most is None else self.most - 1
        return then(self.body.after(symbol), repeat(self.body, max(self.least - 1, 0), most))


EMPTY = Empty()
NOTHING = Either(frozenset())


def then(first: Expression, rest: Expression) -> Expression:
    """`first` followed by `rest`, nested to the right."""
    if NOTHING in (first, rest):
        return NOTHING
    if first == EMPTY or rest == EMPTY:
        return rest if first == EMPTY else first
    return Then(first.first, then(first.rest, rest)) if isinstance(first, Then) else Then(first, rest)


def either(options: Iterable[Expression]) -> Expression:
    """Any of the options; nested ones are taken out, and equal ones counted once."""
    flat: set[Expression] = set()
    for option in options:
        flat |= option.options if isinstance(option, Either) else {option}
    return next(iter(flat)) if len(flat) == 1 else Either(frozenset(flat))


def repeat(body: Expression, least: int, most: int | None) -> Expression:
    """`least` to `most` of `body`."""
    if most == 0 or body == EMPTY:
        return EMPTY
    if body == NOTHING:
        return EMPTY if least == 0 else NOTHING
    # A body that may be empty can stand for the missing ones, so none of them is required.
    return Repeat(body, 0 if body.nullable else least, most)
