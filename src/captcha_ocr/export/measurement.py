"""Measures accuracy, size and speed of the exported files, and decides whether the int8 file may be used."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.export_report import FileMeasurement
from captcha_ocr.base.timing import alternating_milliseconds
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.scoring.metrics import character_error_rate, exact_match

BATCHES = (1, 32)  # batch sizes that are timed
RUNS = 50  # calls of each file at each batch size
MAX_SIZE_SHARE = 0.75  # the int8 file must have at most this share of the float32 file's bytes


@dataclass(frozen=True)
class SideReadings:
    """The labels of the pictures on one side of the split, and the texts that each file reads, by its name."""

    labels: list[str]
    texts: Mapping[str, list[str]]


@dataclass(frozen=True)
class LoadedFile:
    """A recogniser, and the size in bytes of the file that it was loaded from."""

    recognizer: Recognizer
    size: int


def _milliseconds(
    files: Mapping[str, LoadedFile], pixels: Sequence[NDArray[np.uint8]], batch: int
) -> dict[str, list[float]]:
    """How long each of RUNS calls takes, by file."""

    def reader(recognizer: Recognizer) -> Callable[[int], object]:
        return lambda run: recognizer.read([pixels[(run * batch + i) % len(pixels)] for i in range(batch)], batch)

    return alternating_milliseconds({name: reader(file.recognizer) for name, file in files.items()}, RUNS)


def _percentiles(times: Mapping[int, Mapping[str, list[float]]], name: str, share: float) -> dict[int, float]:
    return {batch: float(np.percentile(by_file[name], share)) for batch, by_file in times.items()}


def measure(
    files: Mapping[str, LoadedFile], validation: SideReadings, test: SideReadings, pixels: Sequence[NDArray[np.uint8]]
) -> dict[str, FileMeasurement]:
    """The accuracy of each file, and how long a call takes with `pixels`, [H, W, C] each; by the names of `files`."""
    times = {batch: _milliseconds(files, pixels, batch) for batch in BATCHES}
    measured = {}
    for name, file in files.items():
        medians = _percentiles(times, name, 50)
        measured[name] = FileMeasurement(
            bytes=file.size,
            samples=len(test.labels),
            validation_exact_match=exact_match(validation.labels, validation.texts[name]),
            exact_match=exact_match(test.labels, test.texts[name]),
            cer=character_error_rate(test.labels, test.texts[name]),
            p50_ms=medians,
            p95_ms=_percentiles(times, name, 95),
            pictures_per_second={batch: 1000 * batch / median for batch, median in medians.items()},
        )
    return measured


def objections_to_int8(float32: FileMeasurement, int8: FileMeasurement, max_loss: float) -> list[str]:
    """Reasons against using the int8 file; empty if there are none.

    Only its size and the validation split count. The test split must not influence a choice, and times vary. `max_loss`
    is in percentage points of exact match.
    """
    loss = 100 * (float32.validation_exact_match - int8.validation_exact_match)
    reasons = []
    if loss > max_loss:
        reasons.append(
            f"it loses {loss:.2f} points of exact match on validation, and export.int8_max_loss is {max_loss}"
        )
    if int8.bytes > MAX_SIZE_SHARE * float32.bytes:
        reasons.append(f"it has {int8.bytes:,} bytes, no gain over {float32.bytes:,}")
    return reasons
