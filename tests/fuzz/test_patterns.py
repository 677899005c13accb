"""Patterns and constraints: what Python's `re` does not match is never accepted, and none takes long."""

import itertools
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import log_softmax
from captcha_ocr.search.beam_search import beam_search
from captcha_ocr.search.confidence import constraint_log_probability
from captcha_ocr.search.constraints import Constraint
from tests.fuzz.cases import fuzzed, one, rare
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge

BOUNDS = Bounds(seconds=10, megabytes=700)
TINY = 4  # symbols of the longest text, and of the largest alphabet, for which every text is tried
STEPS = 6
MANY = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))  # an alphabet as large as that of a script


@dataclass(frozen=True)
class Case:
    alphabet: str
    symbols: str | None
    min_length: int
    max_length: int | None
    pattern: str | None


def _texts(alphabet: str) -> list[str]:
    return ["".join(text) for n in range(TINY + 1) for text in itertools.product(alphabet, repeat=n)]


def _wanted(case: Case, text: str) -> bool:
    """Whether the text satisfies the case, by Python's own means. `re` takes \\d and \\w as the project does."""
    most = len(text) if case.max_length is None else case.max_length
    return (
        case.min_length <= len(text) <= most
        and (case.symbols is None or set(text) <= set(case.symbols))
        and (case.pattern is None or re.fullmatch(case.pattern, text, re.DOTALL) is not None)
    )


def _quick_for_re(pattern: str) -> bool:
    """Whether `re`, which tries one way after the other, is sure to end soon."""
    counts = [int(number) for number in re.findall(r"\d+", pattern)]
    return max(counts, default=0) <= 9 and len(re.findall(r"[*+?{]", pattern)) <= 4


def answer(case: Case, folder: Path) -> None:
    """Reads with the constraint, and where every text can be tried, compares it with `re`."""
    codec = Codec(case.alphabet)
    constraint = Constraint(case.symbols, case.min_length, case.max_length, case.pattern)
    automaton = constraint.compiled(codec)
    if len(case.alphabet) <= TINY and _quick_for_re(case.pattern or ""):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # `re` may one day read [[ in another way
            for text in _texts(case.alphabet):
                state = 0
                for symbol in text:
                    state = -1 if state < 0 else int(automaton.transitions[state, codec.class_of(symbol)])
                accepted = state >= 0 and bool(automaton.accepting[state])
                assert accepted == _wanted(case, text), f"{text!r} is {'' if accepted else 'not '}accepted"
    log_probs = log_softmax(np.random.default_rng(0).normal(size=(STEPS, codec.classes)) * 3)
    constraint_log_probability(log_probs, automaton)
    for candidate in beam_search(log_probs, codec, automaton, 2):
        assert len(candidate.text) >= case.min_length
        if _quick_for_re(case.pattern or ""):
            assert _wanted(case, candidate.text), f"{candidate.text!r} was read"


COUNTS = st.one_of(
    st.sampled_from(("", "", "?", "*", "+", "{2}", "{0}", "{1,3}", "{0,2}", "{2,}", "{,2}", "{3,1}", "*?", "++")),
    st.tuples(st.sampled_from((0, 1, 9, 30, 500, 9999, 10**6, 10**12)), st.integers(0, 40)).map(
        lambda pair: f"{{{pair[0]},{pair[0] + pair[1]}}}"
    ),
)
SINGLES = st.sampled_from(
    ("a", "b", "1", ".", r"\d", r"\w", "[ab]", "[^a]", "[a-b1]", r"[\db]", "[]a]", "[a-]", "[^]", r"\.", "é", "()", "")
)
TOKENS = st.sampled_from(
    (
        *"ab1é.|()[]{}?*+^$\\-,:=!<#&~ \n\x00",
        r"\d",
        r"\w",
        r"\s",
        r"\b",
        r"\1",
        "[^",
        "(?:",
        "(?=",
        "(?P<a>",
        "{2,",
        "٣",
    )
)


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, COUNTS).map(lambda pair: f"({pair[0]}){pair[1]}"),
    )


def _deep(depth: int, kind: str) -> str:
    return {"(": "(" * depth + "a" + ")" * depth, "[": "[" * depth, "a": "a" * depth, "|": "a|" * depth}[kind]


LONG = st.one_of(
    st.builds(_deep, st.sampled_from((50, 500, 5000, 100_000)), st.sampled_from(("(", "[", "a", "|"))),
    st.builds(
        lambda body, times: f"({body})" + f"{{{times}}}", st.sampled_from((".?.?.?", "a|b", ".*a")), st.integers(0, 999)
    ),
    st.builds(lambda times: "(.*a.{" + str(times) + "})", st.integers(0, 40)),  # states double with each
    st.builds(lambda digits: "a{" + "9" * digits + "}", st.sampled_from((1, 20, 5000, 100_000))),
)
NESTED = _larger(_larger(_larger(st.tuples(SINGLES, COUNTS).map("".join))))
PATTERNS = st.one_of(NESTED, st.lists(TOKENS, max_size=12).map("".join), st.text(max_size=12), LONG)


ALPHABETS = one("ab1", "a", "ab1é", ".a|", "\n-a]", "0123456789abcdefghijklmnopqrstuvwxyz", MANY)
LOWEST, HIGHEST = one(1, 3, 6, 7, 200, 10**9, -1, 10**30), one(0, 1, 4, 6, 500, 10**9, -1, 10**30)
SYMBOLS = one("", "a", "ab", "zz", "1" * 9, MANY)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    alphabet, low, high = draw(ALPHABETS), rare(draw, 3, LOWEST, 0), rare(draw, 3, HIGHEST, None)
    return Case(alphabet, rare(draw, 4, SYMBOLS, None), low, high, rare(draw, 8, st.none(), draw(PATTERNS)))


@fuzzed
@given(cases())
def test_a_constraint_is_obeyed_or_refused(judged: Judge, case: Case) -> None:
    judged.answer(case)
