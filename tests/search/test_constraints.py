import re
import resource
import time
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import BLANK, Codec
from captcha_ocr.ctc.time_steps import time_steps_needed
from captcha_ocr.search.automaton import DEAD, Automaton
from captcha_ocr.search.confidence import constraint_log_probability, symbol_confidences
from captcha_ocr.search.constraints import Constraint
from tests.search.oracle import CODEC, TEXTS


def accepts(automaton: Automaton, text: str) -> bool:
    state = 0
    for k in CODEC.encode(text):
        state = automaton.transitions[state, k]
        if state == DEAD:
            return False
    return bool(automaton.accepting[state])


def test_all_parts_hold_at_once() -> None:
    automaton = Constraint(symbols="a1", min_length=2, max_length=3, pattern=r"\w*1").compiled(CODEC)
    assert [text for text in TEXTS if accepts(automaton, text)] == ["a1", "11", "aa1", "a11", "1a1", "111"]


def test_no_part_allows_everything() -> None:
    automaton = Constraint().compiled(CODEC)
    assert all(accepts(automaton, text) for text in TEXTS)


def test_an_exact_length_is_a_range_of_one() -> None:
    automaton = Constraint.exact_length(2).compiled(CODEC)
    assert {len(text) for text in TEXTS if accepts(automaton, text)} == {2}


@given(st.sampled_from(["a{3}", "(aa|ab1)1", "a+b?1*", ".{2,4}", "(ab|ba){2}", "1"]))
def test_the_steps_needed_are_those_of_the_shortest_text_repeats_counted(pattern: str) -> None:
    automaton = Constraint(pattern=pattern).compiled(CODEC)
    shortest = min(time_steps_needed(text) for text in TEXTS if accepts(automaton, text))
    assert automaton.needed[0, BLANK] == shortest


def test_after_a_symbol_its_own_repetition_needs_a_blank_more() -> None:
    automaton = Constraint(pattern="aa").compiled(CODEC)
    a = CODEC.encode("a")[0]
    after_a = automaton.transitions[0, a]
    assert (automaton.needed[after_a, a], automaton.needed[after_a, BLANK]) == (2, 1)


def test_a_constraint_that_fits_no_time_steps_says_what_it_needs() -> None:
    automaton = Constraint(pattern="a{3}").compiled(CODEC)
    automaton.check_fits(5)
    with pytest.raises(CaptchaOcrError, match=r"pattern 'a\{3\}'\) needs 5 time steps at least, and the network has 4"):
        automaton.check_fits(4)


def test_parts_that_contradict_each_other_are_named() -> None:
    automaton = Constraint(symbols="b", max_length=2, pattern="a+").compiled(CODEC)
    with pytest.raises(CaptchaOcrError, match=r"no text satisfies .*symbols 'b', length 0 to 2, pattern 'a\+'"):
        automaton.check_fits(100)


@pytest.mark.parametrize(("least", "most"), [(-1, 2), (3, 2)])
def test_lengths_that_cannot_be_are_refused(least: int, most: int) -> None:
    with pytest.raises(CaptchaOcrError, match=f"min_length {least} and max_length {most}"):
        Constraint(min_length=least, max_length=most)


def test_a_symbol_outside_the_alphabet_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match="names Z, which the alphabet 'ab1' lacks"):
        Constraint(symbols="aZ").compiled(CODEC)


def test_a_pattern_that_explodes_is_refused_rather_than_searched() -> None:
    with pytest.raises(CaptchaOcrError, match="states of more than 100,000 parts: allow fewer"):
        Constraint(pattern=".*a.{14}").compiled(CODEC)


def test_states_are_few_for_what_people_write() -> None:
    assert len(Constraint(pattern=r"[ab]{2}\d{3}").compiled(CODEC).accepting) == 6
    assert len(Constraint.exact_length(5).compiled(CODEC).accepting) == 6
    assert np.sum(Constraint().compiled(CODEC).accepting) == 1


LARGE = Codec("".join(map(chr, range(0x4E00, 0x4E00 + 3000))))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: Constraint(pattern="a" * 2000).compiled(CODEC), "has 2,000 characters, and 200 are allowed"),
        (lambda: Constraint(pattern="a{" + "9" * 150 + "}").compiled(CODEC), "repetitions, and 1000 are allowed"),
        (lambda: Constraint(pattern="(" * 50 + "a" + ")" * 50).compiled(CODEC), "groups deeper than 20"),
        (lambda: Constraint(pattern="(.?.?.?){200}").compiled(CODEC), "states of more than 100,000 parts"),
        (lambda: Constraint(pattern="((((.{9}){9}){9}){9}){9}").compiled(CODEC), "more than 100,000 parts"),
        (lambda: Constraint(max_length=500).compiled(LARGE), "more than 1,048,576 transitions with 3,001 classes"),
        (lambda: Constraint(min_length=10**9), "a length of 1000000000 symbols, and 1000 are allowed"),
    ],
)
def test_what_would_take_much_time_or_memory_is_refused_with_the_bound(ask: Callable[[], object], said: str) -> None:
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(CaptchaOcrError, match=re.escape(said)):
        ask()
    assert time.process_time() - started < 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_the_longest_pattern_is_understood_from_deep_in_a_program() -> None:
    def deeper(calls: int) -> Automaton:
        return deeper(calls - 1) if calls else Constraint(pattern="a" * 200).compiled(CODEC)

    assert len(deeper(300).accepting) == 201


def test_thousands_of_symbols_take_little_memory() -> None:
    automaton = Constraint(max_length=60).compiled(LARGE)
    log_probs = np.full((60, LARGE.classes), -np.log(LARGE.classes))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert constraint_log_probability(log_probs, automaton) == pytest.approx(0)
    confidences = symbol_confidences(log_probs, LARGE.alphabet[:5], LARGE)
    assert confidences == pytest.approx([1 / 3000] * 5, rel=1e-3)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kilobytes
