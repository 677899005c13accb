"""reports/parity.json: whether an exported file reads what the trained network reads."""

import numpy as np

from captcha_ocr.artifacts.formats.json_file import JsonFile
from captcha_ocr.base.errors import CaptchaOcrError, listed


class Parity(JsonFile):
    """Pictures whose texts differ at any batch size, and the largest differences of probabilities and confidences."""

    file_name, written_by = "parity.json", "export"

    samples: int
    batch_sizes: tuple[int, ...]
    max_abs_diff: float
    max_confidence_diff: float
    mismatched: list[str]
    text_mismatches: int

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
