"""Whether an exported file reads, from a picture's own bytes on, what the trained network reads."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import Floats, greedy_decode, label_log_probabilities, tempered
from captcha_ocr.pictures.decoding import Source, open_picture
from captcha_ocr.recognizer import Recognizer

BATCH_SIZES = (1, 7, 64)


@dataclass(frozen=True)
class Expected:
    """What the trained network reads: texts, their calibrated confidences [N], and log probabilities [N, T, K]."""

    texts: list[str]
    confidences: Floats
    log_probs: Floats


def expected(logits: Floats, codec: Codec, temperature: float) -> Expected:
    """The reading of Keras's logits [N, T, K], in float64."""
    log_probs, texts = tempered(logits, temperature), greedy_decode(logits, codec)
    confidences = np.exp(label_log_probabilities(log_probs, codec.encode_batch(texts)))
    return Expected(texts, confidences, log_probs)


@dataclass(frozen=True)
class Parity:
    """Pictures whose texts differ at any batch size, and the largest differences of probabilities and confidences."""

    samples: int
    batch_sizes: tuple[int, ...]
    max_abs_diff: float
    max_confidence_diff: float
    mismatched: list[str]

    def as_json(self) -> dict[str, Any]:
        """With the count that the gate reads."""
        return asdict(self) | {"text_mismatches": len(self.mismatched)}

    def raise_mismatch(self, max_abs_diff: float) -> None:
        """Raises CaptchaOcrError where a text differs, or a probability differs by more than `max_abs_diff`."""
        if self.mismatched:
            raise CaptchaOcrError(
                f"the ONNX file reads other texts than Keras on {listed(self.mismatched)}: it must not be used. Train "
                "another train.architecture, or report the versions of tf2onnx and onnxruntime that you have"
            )
        difference = np.maximum(self.max_abs_diff, self.max_confidence_diff)  # unlike max, passes a nan on
        if not difference <= max_abs_diff:
            raise CaptchaOcrError(
                f"probabilities of ONNX and Keras differ by {difference:.2e}, more than export.max_abs_diff = "
                f"{max_abs_diff:.2e}: raise the limit if the texts are all that matters"
            )


def compare(recognizer: Recognizer, sources: Sequence[Source], names: Sequence[str], wanted: Expected) -> Parity:
    """Reads `sources` at every batch size."""
    difference, confidence_difference, mismatched = 0.0, 0.0, set[str]()
    probabilities = np.exp(wanted.log_probs)
    for size in BATCH_SIZES:
        readings = recognizer.read(list(sources), size)
        found = np.exp(np.stack([reading.log_probs for reading in readings]))
        difference = np.maximum(difference, np.abs(found - probabilities).max())
        confidences = np.array([reading.confidence for reading in readings])
        confidence_difference = np.maximum(confidence_difference, np.abs(confidences - wanted.confidences).max())
        texts = [reading.text for reading in readings]
        mismatched |= {name for name, a, b in zip(names, texts, wanted.texts, strict=True) if a != b}
    return Parity(len(names), BATCH_SIZES, float(difference), float(confidence_difference), sorted(mismatched))


def variants(path: Path) -> dict[str, Image.Image]:
    """One picture as others may send it: twice as large, grey, half transparent, as a palette."""
    picture = open_picture(path, path.name).convert("RGB")
    veil = Image.linear_gradient("L").resize(picture.size)
    transparent = picture.copy()
    transparent.putalpha(veil)
    return {
        f"{path.name}, twice as large": picture.resize((2 * picture.width, 2 * picture.height)),
        f"{path.name}, grey": picture.convert("L"),
        f"{path.name}, half transparent": transparent,
        f"{path.name}, with a palette": picture.quantize(16),
    }


def check_empty_batch(recognizer: Recognizer) -> None:
    """Raises CaptchaOcrError where a batch without a picture gets an answer instead of an error."""
    try:
        recognizer.session.run(None, {"image": np.empty((0, 50, 200, 1), np.uint8)})
    except Exception:  # onnxruntime's own exceptions have no common base
        return
    raise CaptchaOcrError("the exported file answers a batch without a picture: it must refuse one")
