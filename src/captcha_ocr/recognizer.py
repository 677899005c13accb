"""Reads pictures with an exported model; needs onnxruntime, numpy and Pillow, and nothing else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.ctc import greedy_decode, label_log_probabilities
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize
from captcha_ocr.data.images import load_inputs


@dataclass(frozen=True)
class Reading:
    """The text of one picture, and p(text | picture) as the network sees it (not calibrated)."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Recognizer:
    """An ONNX session together with the alphabet and picture size that its file carries."""

    session: InferenceSession
    codec: Codec
    image: InputSize

    @classmethod
    def load(cls, path: Path | str) -> "Recognizer":
        """The recogniser of an exported file; raises CaptchaOcrError where the file is not one."""
        if not Path(path).is_file():
            raise CaptchaOcrError(f"{path} does not exist: run `dvc repro`, or name an exported model")
        session = InferenceSession(str(path), providers=["CPUExecutionProvider"])
        metadata = session.get_modelmeta().custom_metadata_map.get("captcha_ocr")
        if metadata is None:
            raise CaptchaOcrError(f"{path} carries no captcha_ocr metadata: it was not exported by this project")
        facts = json.loads(metadata)
        return cls(session, Codec(facts["alphabet"]), InputSize(**facts["image"]))

    def read(self, paths: Sequence[Path], batch_size: int = 64) -> list[Reading]:
        """Readings in the order of `paths`; raises CaptchaOcrError naming a file that cannot be decoded."""
        readings: list[Reading] = []
        for start in range(0, len(paths), batch_size):
            inputs = load_inputs(paths[start : start + batch_size], self.image)
            (probabilities,) = self.session.run(None, {"image": inputs})
            # A probability of exactly 0 would turn a whole path into nothing; the smallest float does not.
            log_probs = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny))
            texts = greedy_decode(probabilities, self.codec)
            confidences = np.exp(label_log_probabilities(log_probs, self.codec.encode_batch(texts)))
            readings += [Reading(text, float(share)) for text, share in zip(texts, confidences, strict=True)]
        return readings
