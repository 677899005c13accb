"""How long calls take, side by side."""

import time
from collections.abc import Callable, Mapping


def alternating_milliseconds(calls: Mapping[str, Callable[[int], object]], rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each call in each of `rounds`, by name; a call is given the number of its round.

    The calls take turns, so that a busy moment of the machine meets all of them. One round more goes before, untimed.
    """
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 1):
        for name, call in calls.items():
            started = time.perf_counter()
            call(number)
            times[name].append(1000 * (time.perf_counter() - started))
    return {name: taken[1:] for name, taken in times.items()}
