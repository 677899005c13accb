"""Reads pictures with an exported model; needs onnxruntime, numpy and Pillow, and nothing else."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from captcha_ocr.core.beam_search import beam_search
from captcha_ocr.core.codec import Codec
from captcha_ocr.core.confidence import constraint_log_probability, symbol_confidences
from captcha_ocr.core.constraints import Constraint
from captcha_ocr.core.ctc import greedy_decode, label_log_probabilities, tempered
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize
from captcha_ocr.data.images import load_inputs


@dataclass(frozen=True)
class Reading:
    """The text of one picture, and p(text | picture), calibrated on the validation split.

    Read within a constraint, it is p(text | picture, the constraint holds).
    """

    text: str
    confidence: float
    log_probs: NDArray[np.float64] = field(repr=False, compare=False)  # [T, K]
    codec: Codec = field(repr=False, compare=False)

    @property
    def symbol_confidences(self) -> list[float]:
        """For each symbol, its probability where the others are right; worked out when asked for."""
        return symbol_confidences(self.log_probs, self.text, self.codec)


@dataclass(frozen=True)
class Recognizer:
    """An ONNX session together with what its file carries: alphabet, picture size and temperature."""

    session: InferenceSession
    codec: Codec
    image: InputSize
    temperature: float

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
        temperature = facts.get("temperature", 1.0)  # files of version 0.1 carry none
        return cls(session, Codec(facts["alphabet"]), InputSize(**facts["image"]), temperature)

    def read(self, paths: Sequence[Path], batch_size: int = 64, constraint: Constraint | None = None) -> list[Reading]:
        """Readings in the order of `paths`, each within the constraint if there is one.

        Raises CaptchaOcrError naming a file that cannot be decoded, or a constraint that no text can satisfy.
        """
        if constraint is not None:
            return [best for (best,) in self.candidates(paths, 1, constraint, batch_size)]
        readings: list[Reading] = []
        for log_probs in self._log_probs(paths, batch_size):
            texts = greedy_decode(log_probs, self.codec)
            confidences = np.exp(label_log_probabilities(log_probs, self.codec.encode_batch(texts)))
            readings += map(self._reading, texts, confidences, log_probs)
        return readings

    def candidates(
        self, paths: Sequence[Path], count: int, constraint: Constraint | None = None, batch_size: int = 64
    ) -> list[list[Reading]]:
        """For each picture the `count` most probable texts within the constraint, most probable first."""
        automaton = (constraint or Constraint()).compiled(self.codec)
        found = []
        for log_probs in (row for batch in self._log_probs(paths, batch_size) for row in batch):
            whole = constraint_log_probability(log_probs, automaton)
            best = beam_search(log_probs, self.codec, automaton, count)
            found.append([self._reading(c.text, np.exp(c.log_probability - whole), log_probs) for c in best])
        return found

    def _log_probs(self, paths: Sequence[Path], batch_size: int) -> Iterator[NDArray[np.float64]]:
        """Calibrated log probabilities [N, T, K], batch by batch."""
        for start in range(0, len(paths), batch_size):
            inputs = load_inputs(paths[start : start + batch_size], self.image)
            (probabilities,) = self.session.run(None, {"image": inputs})
            # A probability of exactly 0 would turn a whole path into nothing; the smallest float does not.
            floored = np.maximum(probabilities, np.finfo(np.float32).tiny)
            yield tempered(np.log(floored), self.temperature)

    def _reading(self, text: str, confidence: float, log_probs: NDArray[np.float64]) -> Reading:
        return Reading(text, min(float(confidence), 1.0), log_probs, self.codec)  # rounding may lead past 1
