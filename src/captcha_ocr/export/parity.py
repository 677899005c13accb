"""Compares exported files with the trained network."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.greedy_decoder import GreedyReadings
from captcha_ocr.export.portions import Portion
from captcha_ocr.pictures.decoding import Source, eight_bit
from captcha_ocr.pictures.opening import open_picture
from captcha_ocr.recognizer import Reading, Recognizer

BATCH_SIZES = (1, 7, 64)


Pixels = Sequence[NDArray[np.uint8]]


@dataclass(frozen=True)
class Compared:
    """The texts that an exported file reads, and how all of its readings compare with those of the network."""

    texts: list[str]
    parity: Parity


def _parity(by_size: Iterable[Sequence[Reading]], names: Sequence[str], expected: GreedyReadings) -> Parity:
    """Compares readings at every batch size with `expected`, the readings of the trained network."""
    difference, confidence_difference, mismatched = 0.0, 0.0, set[str]()
    probabilities = np.exp(expected.log_probs)
    for readings in by_size:
        exported = np.exp(np.stack([reading.log_probs for reading in readings]))
        difference = np.maximum(difference, np.abs(exported - probabilities).max())
        confidences = np.array([reading.confidence for reading in readings])
        confidence_difference = np.maximum(confidence_difference, np.abs(confidences - expected.confidences).max())
        texts = [reading.text for reading in readings]
        mismatched |= {name for name, a, b in zip(names, texts, expected.texts, strict=True) if a != b}
    return Parity(
        samples=len(names),
        batch_sizes=BATCH_SIZES,
        max_abs_diff=float(difference),
        max_confidence_diff=float(confidence_difference),
        mismatched=sorted(mismatched),
        text_mismatches=len(mismatched),
    )


def compare(
    recognizer: Recognizer, sources: Sequence[Source], names: Sequence[str], expected: GreedyReadings
) -> Parity:
    """Reads `sources` at every batch size, and compares with `expected`, the readings of the trained network."""
    return _parity((recognizer.read(list(sources), size) for size in BATCH_SIZES), names, expected)


def merged(parts: Sequence[Parity]) -> Parity:
    """The comparison on all pictures, from those on parts of them; no picture may be in two of them."""
    mismatched = sorted(name for part in parts for name in part.mismatched)
    return Parity(
        samples=sum(part.samples for part in parts),
        batch_sizes=BATCH_SIZES,
        # Not `max`, which may drop a nan.
        max_abs_diff=float(np.max([part.max_abs_diff for part in parts])),
        max_confidence_diff=float(np.max([part.max_confidence_diff for part in parts])),
        mismatched=mismatched,
        text_mismatches=len(mismatched),
    )


def _compared_portions(
    recognizers: Mapping[str, Recognizer], read: Callable[[Pixels], GreedyReadings], portions: Iterable[Portion]
) -> Iterator[dict[str, Compared]]:
    """For each portion, what each file reads at every batch size beside what the network reads."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # onnxruntime computes outside of Python's lock
        for portion in portions:
            waiting = {
                name: [pool.submit(recognizer.read, portion.pixels, size) for size in BATCH_SIZES]
                for name, recognizer in recognizers.items()
            }
            expected = read(portion.pixels)
            by_file = {name: [future.result() for future in futures] for name, futures in waiting.items()}
            yield {
                name: Compared([reading.text for reading in by_size[-1]], _parity(by_size, portion.names, expected))
                for name, by_size in by_file.items()
            }


def compare_files(
    recognizers: Mapping[str, Recognizer], read: Callable[[Pixels], GreedyReadings], portions: Iterable[Portion]
) -> dict[str, Compared]:
    """Reads pictures with each file at every batch size, and with the network by `read`; by the names of the files.

    Only a portion of the pictures is decoded at a time, once for all readings.
    """
    parts = list(_compared_portions(recognizers, read, portions))
    return {
        name: Compared([text for part in parts for text in part[name].texts], merged([p[name].parity for p in parts]))
        for name in recognizers
    }


def variants(stored: Picture) -> dict[str, Image.Image]:
    """One picture in other forms that users may send, by name.

    Twice as large, wider and narrower, grey, tinted, half transparent, with a palette.
    """
    name = stored.file
    picture = eight_bit(open_picture(stored.content, name), name).convert("RGB")
    width, height = picture.size
    alpha = Image.linear_gradient("L").resize(picture.size)
    transparent = picture.copy()
    transparent.putalpha(alpha)
    return {
        f"{name}, twice as large": picture.resize((2 * width, 2 * height)),
        f"{name}, three times as wide": picture.resize((3 * width, height)),
        f"{name}, a third as wide": picture.resize((max(1, width // 3), height)),
        f"{name}, grey": picture.convert("L"),
        f"{name}, tinted": ImageOps.colorize(picture.convert("L"), "darkgreen", "orange"),
        f"{name}, half transparent": transparent,
        f"{name}, with a palette": picture.quantize(16),
    }


def check_empty_batch(recognizer: Recognizer) -> None:
    """Raises CaptchaOcrError if the file accepts a batch without a picture, instead of raising an error."""
    try:
        recognizer.session.run(None, {"image": np.empty((0, 50, 200, 1), np.uint8)})
    except Exception:  # onnxruntime's own exceptions have no common base
        return
    raise CaptchaOcrError("the exported file accepts a batch without a picture: it must refuse it")
