"""Whether the exported file reads what the trained network reads."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.ctc import greedy_decode
from captcha_ocr.core.errors import CaptchaOcrError, listed
from captcha_ocr.data.samples import Samples

BATCH_SIZES = (1, 7, 64)


@dataclass(frozen=True)
class Parity:
    """Pictures whose texts differ at any batch size, and the largest difference of probabilities."""

    samples: int
    batch_sizes: tuple[int, ...]
    max_abs_diff: float
    mismatched: list[str]

    def as_json(self) -> dict[str, Any]:
        """With the count that the gate reads."""
        return asdict(self) | {"text_mismatches": len(self.mismatched)}

    def raise_mismatch(self, max_abs_diff: float) -> None:
        """Raises CaptchaOcrError where a text differs, or probabilities differ by more than `max_abs_diff`."""
        if self.mismatched:
            raise CaptchaOcrError(
                f"the ONNX file reads other texts than Keras on {listed(self.mismatched)}: it must not be used; "
                "try another export.opset"
            )
        if not self.max_abs_diff <= max_abs_diff:
            raise CaptchaOcrError(
                f"probabilities of ONNX and Keras differ by {self.max_abs_diff:.2e}, more than export.max_abs_diff = "
                f"{max_abs_diff:.2e}: try another export.opset, or raise the limit if the texts are all that matters"
            )


def _run(session: InferenceSession, inputs: NDArray[np.uint8], size: int) -> NDArray[np.float32]:
    name = session.get_inputs()[0].name
    batches = [session.run(None, {name: inputs[i : i + size]})[0] for i in range(0, len(inputs), size)]
    return np.concatenate(batches)


def compare(session: InferenceSession, expected: NDArray[np.float32], samples: Samples, codec: Codec) -> Parity:
    """Runs `samples` through the session at every batch size; `expected` are Keras's probabilities [N, T, K]."""
    texts = greedy_decode(expected, codec)
    difference, mismatched = 0.0, set[str]()
    for size in BATCH_SIZES:
        found = _run(session, samples.inputs, size)
        difference = np.maximum(difference, np.abs(found - expected).max())  # unlike max, passes a nan on
        read = greedy_decode(found, codec)
        mismatched |= {file for file, a, b in zip(samples.files, texts, read, strict=True) if a != b}
    return Parity(len(samples.files), BATCH_SIZES, float(difference), sorted(mismatched))
