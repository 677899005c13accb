"""Regular expressions as values, with their derivatives (Brzozowski 1964).

The derivative of an expression after a symbol describes the rest of the text. Taking derivatives until no new one
appears yields a deterministic automaton directly. The constructors `then`, `either` and `repeat` simplify their result,
which keeps the number of different derivatives finite.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter, methodcaller


class Expression(ABC):
    """A regular expression, which stands for a set of texts."""

    @property
    @abstractmethod
    def nullable(self) -> bool:
        """Whether the empty text is in the set."""

    @abstractmethod
    def after(self, symbol: str) -> "Expression":
        """The derivative: what follows `symbol` in the texts that begin with it."""

    @property
    def parts(self) -> tuple["Expression", ...]:
        """The expressions that it consists of."""
        return ()

    @cached_property
    def size(self) -> int:
        """The number of expressions in it, itself included."""
        return 1 + int(sum(map(attrgetter("size"), self.parts)))

    def symbol_sets(self) -> set[frozenset[str]]:
        """The sets of symbols in it; no derivative tells symbols apart that are in the same of them."""
        return set().union(*map(methodcaller("symbol_sets"), self.parts))


@dataclass(frozen=True)
class Empty(Expression):
    """Only the empty text."""

    @property
    def nullable(self) -> bool:
        return True

    def after(self, symbol: str) -> Expression:
        return NOTHING


@dataclass(frozen=True)
class OneOf(Expression):
    """The texts of one symbol out of a set."""

    symbols: frozenset[str]

    @property
    def nullable(self) -> bool:
        return False

    def after(self, symbol: str) -> Expression:
        return EMPTY if symbol in self.symbols else NOTHING

    def symbol_sets(self) -> set[frozenset[str]]:
        return {self.symbols}


@dataclass(frozen=True)
class Then(Expression):
    """A text of `first`, followed by a text of `rest`."""

    first: Expression
    rest: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.first, self.rest

    @property
    def nullable(self) -> bool:
        return self.first.nullable and self.rest.nullable

    def after(self, symbol: str) -> Expression:
        in_first = then(self.first.after(symbol), self.rest)
        return either([in_first, self.rest.after(symbol)]) if self.first.nullable else in_first


@dataclass(frozen=True)
class Either(Expression):
    """A text of any one of the options."""

    options: frozenset[Expression]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(self.options)

    @property
    def nullable(self) -> bool:
        return any(option.nullable for option in self.options)

    def after(self, symbol: str) -> Expression:
        return either(option.after(symbol) for option in self.options)


@dataclass(frozen=True)
class Repeat(Expression):
    """`least` to `most` texts of `body`, one after the other; `most` is None where there is no upper limit."""

    body: Expression
    least: int
    most: int | None

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body,)

    @property
    def nullable(self) -> bool:
        return self.least == 0

    def after(self, symbol: str) -> Expression:
        most = None if self.most is None else self.most - 1
        return then(self.body.after(symbol), repeat(self.body, max(self.least - 1, 0), most))


EMPTY = Empty()
NOTHING = Either(frozenset())  # the empty set: no text at all


def then(first: Expression, rest: Expression) -> Expression:
    """The simplified expression for `first` followed by `rest`; sequences are nested to the right."""
    if NOTHING in (first, rest):
        return NOTHING
    if first == EMPTY or rest == EMPTY:
        return rest if first == EMPTY else first
    return Then(first.first, then(first.rest, rest)) if isinstance(first, Then) else Then(first, rest)


def either(options: Iterable[Expression]) -> Expression:
    """The simplified expression for any one of the options; nested alternatives are flattened, equal ones merged."""
    flat: set[Expression] = set()
    for option in options:
        flat |= option.options if isinstance(option, Either) else {option}
    return next(iter(flat)) if len(flat) == 1 else Either(frozenset(flat))


def repeat(body: Expression, least: int, most: int | None) -> Expression:
    """The simplified expression for `least` to `most` texts of `body`; None: no upper limit."""
    if most == 0 or body == EMPTY:
        return EMPTY
    if body == NOTHING:
        return EMPTY if least == 0 else NOTHING
    # If the body may be empty, empty texts can fill up to `least`, so no repetition is required.
    return Repeat(body, 0 if body.nullable else least, most)
