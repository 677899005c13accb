import time

import pytest

from captcha_ocr.base.timing import alternating_milliseconds


def test_calls_take_turns_and_are_given_their_round() -> None:
    made: list[tuple[str, int]] = []
    alternating_milliseconds({name: lambda i, name=name: made.append((name, i)) for name in ("a", "b")}, rounds=2)
    assert made == [("a", 0), ("b", 0), ("a", 1), ("b", 1), ("a", 2), ("b", 2)]


def test_times_are_milliseconds_and_those_of_the_first_round_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0

    def work(seconds: float) -> None:
        nonlocal clock
        clock += seconds

    monkeypatch.setattr(time, "perf_counter", lambda: clock)
    slow_start = [9.0, 0.25, 0.5]
    times = alternating_milliseconds({"a": lambda i: work(slow_start[i]), "b": lambda i: work(0.125)}, rounds=2)
    assert times == {"a": [250.0, 500.0], "b": [125.0, 125.0]}
