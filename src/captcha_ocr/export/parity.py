"""Compares an exported file, which decodes pictures from their bytes on, with the trained network."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageOps

from captcha_ocr.artifacts.dataset.picture_shards import Picture
from captcha_ocr.artifacts.parity import Parity
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.greedy_decoder import GreedyReadings
from captcha_ocr.pictures.decoding import Source, open_picture
from captcha_ocr.recognizer import Recognizer

BATCH_SIZES = (1, 7, 64)


def compare(
    recognizer: Recognizer, sources: Sequence[Source], names: Sequence[str], expected: GreedyReadings
) -> Parity:
    """Reads `sources` at every batch size, and compares with `expected`, the readings of the trained network."""
    difference, confidence_difference, mismatched = 0.0, 0.0, set[str]()
    probabilities = np.exp(expected.log_probs)
    for size in BATCH_SIZES:
        readings = recognizer.read(list(sources), size)
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


def variants(stored: Picture) -> dict[str, Image.Image]:
    """One picture in other forms that users may send, by name.

    Twice as large, wider and narrower, grey, tinted, half transparent, with a palette.
    """
    name, picture = stored.file, open_picture(stored.content, stored.file).convert("RGB")
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
