"""Measures how long several calls take, under the same conditions."""

import time
from collections.abc import Callable, Mapping


def alternating_milliseconds(calls: Mapping[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds that each call takes in each of `rounds` rounds, by name. A call receives the number of its round.

    The calls take turns, so that other load on the machine slows all of them alike. Round 0 warms up and is left out.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            call(number)
            times[name].append(1000 * (time.perf_counter() - started))
    return {name: milliseconds[1:] for name, milliseconds in times.items()}
