"""What the user knows of a text before it is read: its symbols, its length, its pattern."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.ctc.codec import Codec, quoted
from captcha_ocr.search.automaton import Automaton, explore
from captcha_ocr.search.expressions import NOTHING, Expression, OneOf, repeat
from captcha_ocr.search.patterns import MAX_COUNT, parse_pattern


@dataclass(frozen=True)
class Constraint:
    """A text must satisfy all parts. A part that is None allows any text.

    symbols: the symbols that may occur. min_length, max_length: number of symbols, MAX_COUNT at most. pattern: a
    regular expression for the whole text, in the syntax of `search.patterns`. Raises CaptchaOcrError where the lengths
    exclude each other.
    """

    symbols: str | None = None
    min_length: int = 0
    max_length: int | None = None
    pattern: str | None = None

    def __post_init__(self) -> None:
        if self.min_length < 0 or (self.max_length is not None and self.max_length < self.min_length):
            raise CaptchaOcrError(
                f"constraint: min_length {self.min_length} and max_length {self.max_length} leave no length: "
                "give 0 ≤ min_length ≤ max_length"
            )
        if (longest := max(self.min_length, self.max_length or 0)) > MAX_COUNT:
            raise CaptchaOcrError(f"constraint: a length of {longest} symbols, and {MAX_COUNT} are allowed")

    @classmethod
    def exact_length(cls, length: int, symbols: str | None = None) -> "Constraint":
        """Allows texts of exactly this length."""
        return cls(symbols, length, length)

    def __str__(self) -> str:
        most = "any" if self.max_length is None else self.max_length
        parts = [
            f"symbols {self.symbols!r}" if self.symbols is not None else "",
            f"length {self.min_length} to {most}" if self.min_length or most != "any" else "",
            f"pattern {self.pattern!r}" if self.pattern is not None else "",
        ]
        return f"the constraint ({', '.join(filter(None, parts)) or 'none'})"

    def compiled(self, codec: Codec) -> Automaton:
        """The automaton over the classes of `codec`. Its states are pairs, for the pattern and for symbols and length.

        Raises CaptchaOcrError for a symbol that is not in the alphabet, an invalid pattern, or one that is too large.
        """
        symbols = codec.alphabet if self.symbols is None else self.symbols
        if foreign := sorted(set(symbols) - set(codec.alphabet)):
            raise CaptchaOcrError(
                f"{self} names {listed(foreign)}, which the alphabet {quoted(codec.alphabet)} lacks: leave it out"
            )
        start = (repeat(OneOf(frozenset(symbols)), self.min_length, self.max_length), self._pattern(codec.alphabet))

        def follow(state: tuple[Expression, Expression], k: int) -> tuple[Expression, Expression] | None:
            symbol = codec.alphabet[k - 1]
            first, second = (part.after(symbol) for part in state)
            return None if NOTHING in (first, second) else (first, second)

        def accepts(state: tuple[Expression, Expression]) -> bool:
            return all(part.nullable for part in state)

        def size(state: tuple[Expression, Expression]) -> int:
            return sum(part.size for part in state)

        return explore(start, follow, accepts, size, _groups(start, codec.alphabet), str(self))

    def _pattern(self, alphabet: str) -> Expression:
        if self.pattern is None:
            return repeat(OneOf(frozenset(alphabet)), 0, None)
        return parse_pattern(self.pattern, alphabet)


def _groups(parts: Iterable[Expression], alphabet: str) -> NDArray[np.int64]:
    """For each class, the number of its group, [K]: symbols in the same sets of `parts` are in one group."""
    groups = np.zeros(len(alphabet) + 1, dtype=np.int64)
    for symbols in set().union(*(part.symbol_sets() for part in parts)):
        inside = np.array([False, *(symbol in symbols for symbol in alphabet)])
        groups = np.unique(2 * groups + inside, return_inverse=True)[1]
    return groups
