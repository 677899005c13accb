"""Reads pictures with an exported model file. Needs only onnxruntime, numpy and Pillow."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, cast, overload

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.pictures.decoding import Source, pixels_of
from captcha_ocr.search.beam_search import beam_search
from captcha_ocr.search.confidence import constraint_log_probability, symbol_confidences
from captcha_ocr.search.constraints import Constraint

OUTPUTS = ("text", "confidence", "symbol_confidence", "log_probs")
METADATA_KEY = "captcha_ocr"
RUN_PIXELS = 2**22  # most pixels in one call of the session, all its pictures together; it bounds memory
SILENT = 4  # onnxruntime's log level: errors are raised and need not be printed as well


@dataclass(frozen=True)
class Reading:
    """The text of one picture and how far it can be trusted.

    confidence: p(text | picture), calibrated on the validation split; under a constraint, p(text | picture, the
    constraint holds). symbol_confidences: one for each symbol of the text; docs/decoding.md explains them. log_probs:
    [T, K], the network's calibrated log probabilities.
    """

    text: str
    confidence: float
    symbol_confidences: tuple[float, ...]
    log_probs: NDArray[np.float32] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Recognizer:
    """An ONNX session and the alphabet stored in its file. Several threads may use it at the same time."""

    session: InferenceSession
    codec: Codec

    @classmethod
    def load(
        cls, source: Path | str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)
    ) -> "Recognizer":
        """Loads an exported file.

        `threads` is the most that one call may use; 0 means one for each core. Raises CaptchaOcrError if the file does
        not exist or was not exported by this project. For a model in MLflow's registry see
        `captcha_ocr.load_registered`.
        """
        path = Path(source)
        if str(source).startswith("models:/"):
            raise CaptchaOcrError(
                f"{source} is in MLflow's registry: load it with captcha_ocr.load_registered, or name a file"
            )
        if not path.is_file():
            raise CaptchaOcrError(f"{path} does not exist: run `dvc repro`, or name an exported model")
        return cls.from_bytes(path.read_bytes(), str(path), threads, providers)

    @classmethod
    def from_bytes(
        cls, model: bytes, name: str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)
    ) -> "Recognizer":
        """Loads the bytes of an exported file; `name` is for messages. Raises CaptchaOcrError as `load` does."""
        options = SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, SILENT
        try:
            session = InferenceSession(model, options, list(providers))
        except Exception as error:  # onnxruntime's own exceptions have no common base
            raise CaptchaOcrError(f"{name} is not a model that onnxruntime can load: {error}") from None
        metadata = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
        if metadata is None or not set(OUTPUTS) <= {output.name for output in session.get_outputs()}:
            raise CaptchaOcrError(
                f"{name} was not exported by this version of captcha-ocr: export it again with `dvc repro`"
            )
        return cls(session, Codec(json.loads(metadata)["alphabet"]))

    @overload
    def read(  # type: ignore[overload-overlap]  # str, bytes and arrays are iterable, but are one picture
        self, pictures: Source, batch_size: int = ..., constraint: Constraint | None = ...
    ) -> Reading: ...

    @overload
    def read(
        self, pictures: Iterable[Source], batch_size: int = ..., constraint: Constraint | None = ...
    ) -> list[Reading]: ...

    def read(
        self, pictures: Source | Iterable[Source], batch_size: int = 64, constraint: Constraint | None = None
    ) -> Reading | list[Reading]:
        """The reading of one picture, or a list of readings in the order of the pictures.

        A picture is a path, a file's bytes, a Pillow image, or an array, uint8 [H, W] or [H, W, C]. An array with four
        axes is several pictures. With a constraint, the most probable text that satisfies it is read. Raises
        CaptchaOcrError naming a picture that cannot be read, or a constraint that no text can satisfy.
        """
        single = _is_one(pictures)
        several = cast(Iterable[Source], [pictures] if single else pictures)
        readings = []
        for outcome in self.attempt(several, batch_size, constraint):
            if isinstance(outcome, CaptchaOcrError):
                raise outcome
            readings.append(outcome)
        return readings[0] if single else readings

    def attempt(
        self, pictures: Iterable[Source], batch_size: int = 64, constraint: Constraint | None = None
    ) -> Iterator[Reading | CaptchaOcrError]:
        """Yields, for each picture in order, its reading or the error that names why it cannot be read.

        Pictures are taken from the iterable batch by batch, so it may be longer than memory allows. Raises
        CaptchaOcrError for a constraint that no text can satisfy.
        """
        remaining, position = iter(pictures), 0
        while batch := list(islice(remaining, batch_size)):
            for outcome in self._read_batch(batch, position):
                if constraint is None or isinstance(outcome, CaptchaOcrError):
                    yield outcome
                else:
                    yield self._best(outcome.log_probs, 1, constraint)[0]
            position += len(batch)

    def candidates(self, picture: Source, count: int, constraint: Constraint | None = None) -> list[Reading]:
        """The `count` most probable readings of a picture that satisfy the constraint, most probable first."""
        return self._best(self.read(picture).log_probs, count, constraint or Constraint())

    def _read_batch(self, sources: Sequence[Source], position: int) -> list[Reading | CaptchaOcrError]:
        """Reads pictures, those of equal shape together; `position` is the number of the first, for messages."""
        outcomes: list[Any] = [_pixels_or_error(source, position + index) for index, source in enumerate(sources)]
        by_shape = defaultdict(list)
        for index, pixels in enumerate(outcomes):
            if isinstance(pixels, np.ndarray):
                by_shape[pixels.shape].append(index)
        for (height, width, _), indices in by_shape.items():
            size = max(1, RUN_PIXELS // (height * width))
            for run in (indices[start : start + size] for start in range(0, len(indices), size)):
                outputs = self.session.run(OUTPUTS, {"image": np.stack([outcomes[index] for index in run])})
                for index, *values in zip(run, *outputs, strict=True):
                    outcomes[index] = _reading(*values)
        return outcomes

    def _best(self, log_probs: NDArray[np.float32], count: int, constraint: Constraint) -> list[Reading]:
        automaton = constraint.compiled(self.codec)
        constraint_holds = constraint_log_probability(log_probs, automaton)
        return [
            Reading(
                candidate.text,
                min(float(np.exp(candidate.log_probability - constraint_holds)), 1.0),  # rounding may exceed 1
                tuple(symbol_confidences(log_probs, candidate.text, self.codec)),
                log_probs,
            )
            for candidate in beam_search(log_probs, self.codec, automaton, count)
        ]


def _is_one(pictures: Any) -> bool:
    if isinstance(pictures, np.ndarray):
        return pictures.ndim < 4
    return isinstance(pictures, str | Path | bytes | Image.Image) or not isinstance(pictures, Iterable)


def _pixels_or_error(source: Source, position: int) -> NDArray[np.uint8] | CaptchaOcrError:
    name = str(source) if isinstance(source, str | Path) else f"picture {position} ({type(source).__name__})"
    try:
        return pixels_of(source, name)
    except CaptchaOcrError as error:
        return error


def _reading(text: str, confidence: float, symbols: NDArray[np.float32], log_probs: NDArray[np.float32]) -> Reading:
    length = np.count_nonzero(symbols)  # the file pads with zeros after the text
    return Reading(text, float(confidence), tuple(symbols[:length].tolist()), log_probs)
