"""reports/parity.json: whether an exported file gives the same texts as the trained network."""

import numpy as np

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.base.errors import CaptchaOcrError, listed


class Parity(JsonFile):
    """An exported file compared with the trained network on `samples` pictures at each of `batch_sizes`.

    max_abs_diff: largest difference of a class probability. max_confidence_diff: largest difference of a confidence.
    mismatched: names of the pictures whose texts differ at some batch size. text_mismatches: their number.
    """

    file_name, written_by = "parity.json", "export"

    samples: int
    batch_sizes: tuple[int, ...]
    max_abs_diff: float
    max_confidence_diff: float
    mismatched: list[str]
    text_mismatches: int

    def raise_mismatch(self, max_abs_diff: float) -> None:
        """Raises CaptchaOcrError if a text differs, or a probability or confidence by more than `max_abs_diff`."""
        if self.mismatched:
            raise CaptchaOcrError(
                f"the ONNX file reads other texts than Keras on {listed(self.mismatched)}: it must not be used. Train "
                "another train.architecture, or report the installed versions of tf2onnx and onnxruntime"
            )
        # Not `max`, which may drop a nan.
        difference = np.maximum(self.max_abs_diff, self.max_confidence_diff)
        if not difference <= max_abs_diff:
            raise CaptchaOcrError(
                f"probabilities of ONNX and Keras differ by {difference:.2e}, more than export.max_abs_diff = "
                f"{max_abs_diff:.2e}: raise the limit if the texts are all that matters"
            )
