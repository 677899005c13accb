r"""A pattern, written in a subset of regular expressions, as an expression over an alphabet.

    ab       these symbols              [a-f2-4]   one of them          (ab|c)   grouping, alternatives
    .        any symbol                 [^aeiou]   any other one        {3} {2,4} {2,} ? * +   repetition
    \d \w    a digit; letter, digit, _  \. \[ …    the sign itself

The pattern describes the whole text, as `re.fullmatch` does. The alphabet is all that a recogniser can write, so `.`
and classes mean symbols of the alphabet. Greedy and lazy make no difference to a set of texts, so neither is there.
"""

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.search.expressions import EMPTY, Expression, OneOf, either, repeat, then

_SPECIAL = set(r"\.[](){}|?*+^$")


def parse_pattern(pattern: str, alphabet: str) -> Expression:
    """The expression of `pattern`; raises CaptchaOcrError naming the place of what is not understood."""
    parser = _Parser(pattern, alphabet)
    expression = parser.alternatives()
    if not parser.at_end:
        raise parser.error(f"unexpected {parser.peek!r}")
    return expression


class _Parser:
    """Recursive descent: alternatives, sequence, repeated, one symbol."""

    def __init__(self, pattern: str, alphabet: str) -> None:
        self.pattern, self.alphabet, self.place = pattern, alphabet, 0

    @property
    def at_end(self) -> bool:
        return self.place >= len(self.pattern)

    @property
    def peek(self) -> str:
        return "" if self.at_end else self.pattern[self.place]

    def error(self, reason: str) -> CaptchaOcrError:
        return CaptchaOcrError(
            f"pattern {self.pattern!r}, place {self.place + 1}: {reason}. Allowed are symbols, '.', [a-z], [^a-z], "
            "\\d, \\w, (…|…), {m}, {m,n}, {m,}, ?, * and +; the pattern is of the whole text, without ^ and $"
        )

    def take(self) -> str:
        if self.at_end:
            raise self.error("it ends too early")
        self.place += 1
        return self.pattern[self.place - 1]

    def expect(self, sign: str) -> None:
        if self.peek != sign:
            raise self.error(f"expected {sign!r}")
        self.place += 1

    def alternatives(self) -> Expression:
        options = [self.sequence()]
        while self.peek == "|":
            self.take()
            options.append(self.sequence())
        return either(options)

    def sequence(self) -> Expression:
        if self.at_end or self.peek in "|)":
            return EMPTY
        first = self.repeated()
        return then(first, self.sequence())

    def repeated(self) -> Expression:
        body = self.single()
        if self.peek not in {"?", "*", "+", "{"}:
            return body
        least, most = self.bounds()
        if self.peek in {"?", "*", "+", "{"}:
            raise self.error(f"a second repetition {self.peek!r}")
        return repeat(body, least, most)

    def bounds(self) -> tuple[int, int | None]:
        sign = self.take()
        if sign != "{":
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[sign]
        least = self.number()
        most: int | None = least
        if self.peek == ",":
            self.take()
            most = None if self.peek == "}" else self.number()
        if most is not None and most < least:
            raise self.error(f"{{{least},{most}}} is upside down")
        self.expect("}")
        return least, most

    def number(self) -> int:
        start = self.place
        while self.peek.isdecimal():
            self.take()
        if start == self.place:
            raise self.error("expected a number")
        return int(self.pattern[start : self.place])

    def single(self) -> Expression:
        if self.peek == "(":
            self.take()
            inside = self.alternatives()
            self.expect(")")
            return inside
        if self.peek == "[":
            return self.known(self.char_class())
        if self.peek in _SPECIAL - {".", "\\"}:
            raise self.error(f"unexpected {self.peek!r}")
        sign = self.take()
        return self.known(set(self.alphabet) if sign == "." else self.escaped() if sign == "\\" else {sign})

    def known(self, symbols: set[str]) -> Expression:
        within = symbols & set(self.alphabet)
        if not within:
            raise self.error(f"none of {''.join(sorted(symbols))!r} is in the alphabet {self.alphabet!r}")
        return OneOf(frozenset(within))

    def escaped(self) -> set[str]:
        sign = self.take()
        if sign == "d":
            return {symbol for symbol in self.alphabet if symbol.isdecimal()}
        if sign == "w":
            return {symbol for symbol in self.alphabet if symbol.isalnum() or symbol == "_"}
        if sign.isalnum():
            raise self.error(f"unknown escape \\{sign}")
        return {sign}

    def char_class(self) -> set[str]:
        self.expect("[")
        negated = self.peek == "^"
        if negated:
            self.take()
        symbols: set[str] = set()
        while self.peek != "]" or not symbols:
            symbols |= self.class_item()
        self.expect("]")
        return set(self.alphabet) - symbols if negated else symbols

    def class_item(self) -> set[str]:
        first = self.take()
        if first == "\\":
            return self.escaped()
        is_range = self.peek == "-" and self.pattern[self.place + 1 : self.place + 2] not in ("", "]")
        if not is_range:
            return {first}
        self.take()
        last = self.take()
        if last < first:
            raise self.error(f"the range {first}-{last} is upside down")
        return {symbol for symbol in self.alphabet if first <= symbol <= last} or {first}
