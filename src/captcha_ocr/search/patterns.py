r"""Parses a pattern, in a subset of the syntax of regular expressions, into an expression over an alphabet.

    ab       these symbols              [a-f2-4]   one of these         (ab|c)   group, alternatives
    .        any symbol                 [^aeiou]   any but these        {3} {2,4} {2,} ? * +   repetition
    \d \w    a digit; letter, digit, _  \. \[ …    the character itself

The pattern describes the whole text, as with `re.fullmatch`. A recogniser can only write symbols of its alphabet, so
`.` and character classes stand for symbols of the alphabet. Lazy repetition (`*?`) is left out: it matches the same
texts.
"""

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import quoted
from captcha_ocr.search.expressions import EMPTY, Expression, OneOf, either, repeat, then

# A network has fewer time steps than symbols in such a text. The parser and the expressions are recursive.
MAX_PATTERN, MAX_DEPTH, MAX_COUNT = 200, 20, 1000  # characters, groups inside one another, repetitions
_SPECIAL = set(r"\.[](){}|?*+^$")


def parse_pattern(pattern: str, alphabet: str) -> Expression:
    """The expression that `pattern` stands for.

    Raises CaptchaOcrError with the position of an error in it, and for more than MAX_PATTERN characters, MAX_DEPTH
    groups or MAX_COUNT repetitions.
    """
    if len(pattern) > MAX_PATTERN:
        raise CaptchaOcrError(
            f"pattern {pattern[:40]!r}… has {len(pattern):,} characters, and {MAX_PATTERN} are allowed: shorten it"
        )
    parser = _Parser(pattern, alphabet)
    expression = parser.alternatives()
    if not parser.at_end:
        raise parser.error(f"unexpected {parser.peek!r}")
    return expression


class _Parser:
    """A recursive descent parser: alternatives consist of sequences, these of repeated items, these of single items."""

    def __init__(self, pattern: str, alphabet: str) -> None:
        self.pattern, self.alphabet, self.position, self.depth = pattern, alphabet, 0, 0

    @property
    def at_end(self) -> bool:
        return self.position >= len(self.pattern)

    @property
    def peek(self) -> str:
        return "" if self.at_end else self.pattern[self.position]

    def error(self, reason: str) -> CaptchaOcrError:
        return CaptchaOcrError(
            f"pattern {self.pattern!r}, position {self.position + 1}: {reason}. Allowed are symbols, '.', [a-z], "
            "[^a-z], \\d, \\w, (…|…), {m}, {m,n}, {m,}, ?, * and +, without ^ and $: the pattern is for the whole text"
        )

    def take(self) -> str:
        if self.at_end:
            raise self.error("it ends too early")
        self.position += 1
        return self.pattern[self.position - 1]

    def expect(self, character: str) -> None:
        if self.peek != character:
            raise self.error(f"expected {character!r}")
        self.position += 1

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
        character = self.take()
        if character != "{":
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[character]
        least = self.number()
        most: int | None = least
        if self.peek == ",":
            self.take()
            most = None if self.peek == "}" else self.number()
        if most is not None and most < least:
            raise self.error(f"{{{least},{most}}} is in the wrong order")
        self.expect("}")
        return least, most

    def number(self) -> int:
        start = self.position
        while self.peek.isdecimal():
            self.take()
        if start == self.position:
            raise self.error("expected a number")
        if (count := int(self.pattern[start : self.position])) > MAX_COUNT:
            raise self.error(f"{count} repetitions, and {MAX_COUNT} are allowed")
        return count

    def single(self) -> Expression:
        if self.peek == "(":
            self.take()
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise self.error(f"groups deeper than {MAX_DEPTH} in one another")
            inside = self.alternatives()
            self.depth -= 1
            self.expect(")")
            return inside
        if self.peek == "[":
            return self.one_of(self.char_class())
        if self.peek in _SPECIAL - {".", "\\"}:
            raise self.error(f"unexpected {self.peek!r}")
        character = self.take()
        return self.one_of(
            set(self.alphabet) if character == "." else self.escaped() if character == "\\" else {character}
        )

    def one_of(self, symbols: set[str]) -> Expression:
        in_alphabet = symbols & set(self.alphabet)
        if not in_alphabet:
            raise self.error(f"none of {''.join(sorted(symbols))!r} is in the alphabet {quoted(self.alphabet)}")
        return OneOf(frozenset(in_alphabet))

    def escaped(self) -> set[str]:
        character = self.take()
        if character == "d":
            return {symbol for symbol in self.alphabet if symbol.isdecimal()}
        if character == "w":
            return {symbol for symbol in self.alphabet if symbol.isalnum() or symbol == "_"}
        if character.isalnum():
            raise self.error(f"unknown escape \\{character}")
        return {character}

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
        is_range = self.peek == "-" and self.pattern[self.position + 1 : self.position + 2] not in ("", "]")
        if not is_range:
            return {first}
        self.take()
        last = self.take()
        if last < first:
            raise self.error(f"the range {first}-{last} is in the wrong order")
        return {symbol for symbol in self.alphabet if first <= symbol <= last} or {first}
