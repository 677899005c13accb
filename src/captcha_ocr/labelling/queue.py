"""The order in which pictures are shown."""

import heapq
from collections.abc import Iterable, Sequence


class Queue:
    """Positions 0, 1, 2, … of the pictures that have been shown; the next one is the least sure that is known then.

    Pictures are added while the model reads. A picture that has a position keeps it, so that the page can go back and
    can load pictures ahead.
    """

    def __init__(self, shown: Sequence[int]) -> None:
        """`shown` are the numbers of the pictures that come first, those with labels."""
        self._shown = list(shown)
        self._waiting: list[tuple[float, int]] = []  # a heap of confidence and number

    def add(self, number: int, confidence: float) -> None:
        """Adds a picture that is to be shown."""
        heapq.heappush(self._waiting, (confidence, number))

    def at(self, position: int) -> int | None:
        """The number of the picture at `position`, or None if none is known yet."""
        while len(self._shown) <= position and self._waiting:
            self._shown.append(heapq.heappop(self._waiting)[1])
        return self._shown[position] if position < len(self._shown) else None

    def append(self, numbers: Iterable[int]) -> None:
        """Shows pictures again, behind all others that have a position."""
        self._shown.extend(numbers)

    def __len__(self) -> int:
        """The number of positions."""
        return len(self._shown)
