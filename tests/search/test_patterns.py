"""Patterns against Python's own regular expressions, on every text up to some length."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.search.patterns import parse_pattern
from tests.search.oracle import CODEC, TEXTS

ALPHABET = CODEC.alphabet


def accepted(pattern: str) -> list[str]:
    rests = {"": parse_pattern(pattern, ALPHABET)}
    for text in TEXTS[1:]:
        rests[text] = rests[text[:-1]].after(text[-1])
    return [text for text in TEXTS if rests[text].nullable]


def expected(pattern: str) -> list[str]:
    return [text for text in TEXTS if re.fullmatch(pattern, text)]


single = st.sampled_from(["a", "b", "1", ".", r"\d", r"\w", "[ab]", "[^a]", "[a-b1]", r"[\db]"])
bounds = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}", "{2,}"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        st.tuples(inner, bounds).map(lambda pair: f"({pair[0]}){pair[1]}"),
    )


# Repetitions three deep at most: `re`, the oracle, takes minutes for four of them in one another.
patterns = larger(larger(st.tuples(single, bounds).map("".join)))


@settings(max_examples=150)
@given(st.lists(patterns, min_size=1, max_size=2).map("|".join))
def test_a_pattern_accepts_what_fullmatch_accepts(pattern: str) -> None:
    assert accepted(pattern) == expected(pattern)


@pytest.mark.parametrize(
    "pattern", ["", "a|", "(|a)b", "(a?)*1", "(a*)*", "((a|b){2}){1,2}", "[]a]b", "[a-]", "(){3}a"]
)
def test_the_corners_of_the_syntax_are_as_in_python(pattern: str) -> None:
    assert accepted(pattern) == expected(pattern)


def test_an_escaped_sign_is_itself() -> None:
    expression = parse_pattern(r"\.a", ".a")
    assert expression.after(".").after("a").nullable
    assert not expression.after("a").after("a").nullable


@pytest.mark.parametrize(
    ("pattern", "place", "reason"),
    [
        ("^ab", 1, "unexpected '^'"),
        ("ab$", 3, "unexpected '$'"),
        ("a(b", 4, "expected ')'"),
        ("a)b", 2, "unexpected ')'"),
        ("a{2,1}", 6, "{2,1} is in the wrong order"),
        ("a{x}", 3, "expected a number"),
        ("a**", 3, "a second repetition"),
        ("*a", 1, "unexpected '*'"),
        ("[ab", 4, "ends too early"),
        ("[b-a]", 5, "the range b-a is in the wrong order"),
        (r"\s", 3, r"unknown escape \s"),
        ("aZ", 3, "none of 'Z' is in the alphabet 'ab1'"),
        ("(?:a)", 2, "unexpected '?'"),
    ],
)
def test_what_is_not_understood_is_named_with_its_place(pattern: str, place: int, reason: str) -> None:
    with pytest.raises(CaptchaOcrError, match=f"position {place}: .*{re.escape(reason)}"):
        parse_pattern(pattern, ALPHABET)
