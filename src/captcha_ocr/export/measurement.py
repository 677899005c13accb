"""What an exported file reads, weighs and takes: float32 beside int8."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.recognizer import Recognizer
from captcha_ocr.scoring.metrics import character_error_rate, exact_match

BATCHES = (1, 32)
RUNS = 50  # of each file at each batch size
GAIN = 0.75  # a file is smaller where it has at most this share of the other's bytes


@dataclass(frozen=True)
class FileFigures:
    """Shares of 1; milliseconds are of one call on one thread, from decoded pixels to text."""

    bytes: int
    samples: int
    validation_exact_match: float
    exact_match: float
    cer: float
    p50_ms: dict[int, float]
    p95_ms: dict[int, float]

    @property
    def pictures_per_second(self) -> dict[int, float]:
        """By the median, for each batch size."""
        return {batch: 1000 * batch / milliseconds for batch, milliseconds in self.p50_ms.items()}

    def as_json(self) -> dict[str, Any]:
        """With what follows from the others."""
        return asdict(self) | {"pictures_per_second": self.pictures_per_second}


def _timed(
    recognizers: Mapping[str, Recognizer], pixels: Sequence[NDArray[np.uint8]], batch: int
) -> dict[str, list[float]]:
    """Milliseconds of each call. The files take turns, so that a busy moment of the machine meets all of them."""
    times: dict[str, list[float]] = {name: [] for name in recognizers}
    for run in range(RUNS + 1):
        chosen = [pixels[(run * batch + i) % len(pixels)] for i in range(batch)]
        for name, recognizer in recognizers.items():
            started = time.perf_counter()
            recognizer.read(chosen, batch)
            times[name].append(1000 * (time.perf_counter() - started))
    return {name: taken[1:] for name, taken in times.items()}  # the first call warms up


def measure(
    recognizers: Mapping[str, tuple[Recognizer, int]],
    validation: tuple[Sequence[NDArray[np.uint8]], list[str]],
    test: tuple[Sequence[NDArray[np.uint8]], list[str]],
) -> dict[str, FileFigures]:
    """Figures of each file, given with its size in bytes, on pixels and labels of the two splits."""
    files = {name: recognizer for name, (recognizer, _) in recognizers.items()}
    times = {batch: _timed(files, test[0], batch) for batch in BATCHES}
    figures = {}
    for name, (recognizer, size) in recognizers.items():
        known, unseen = ([r.text for r in recognizer.read(list(pixels))] for pixels, _ in (validation, test))
        figures[name] = FileFigures(
            bytes=size,
            samples=len(test[1]),
            validation_exact_match=exact_match(validation[1], known),
            exact_match=exact_match(test[1], unseen),
            cer=character_error_rate(test[1], unseen),
            p50_ms={batch: float(np.percentile(taken[name], 50)) for batch, taken in times.items()},
            p95_ms={batch: float(np.percentile(taken[name], 95)) for batch, taken in times.items()},
        )
    return figures


def objections_to_int8(float32: FileFigures, int8: FileFigures, max_loss: float) -> list[str]:
    """Why the small file is not to be shipped; judged by size and by the validation split, never by test or clock.

    `max_loss` is in points: hundredths of exact match.
    """
    loss = 100 * (float32.validation_exact_match - int8.validation_exact_match)
    reasons = []
    if loss > max_loss:
        reasons.append(
            f"it loses {loss:.2f} points of exact match on validation, and export.int8_max_loss is {max_loss}"
        )
    if int8.bytes > GAIN * float32.bytes:
        reasons.append(f"it has {int8.bytes:,} bytes, no gain over {float32.bytes:,}")
    return reasons
