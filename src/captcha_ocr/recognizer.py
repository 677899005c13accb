"""Reads pictures with an exported model file. Needs only onnxruntime, numpy and Pillow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast, overload

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.onnx_file.check import check_size
from captcha_ocr.onnx_file.session import RUN_PIXELS, open_session, run_session
from captcha_ocr.pictures.decoding import Source, pixels_of
from captcha_ocr.search.automaton import Automaton
from captcha_ocr.search.beam_search import beam_search
from captcha_ocr.search.confidence import constraint_log_probability, symbol_confidences
from captcha_ocr.search.constraints import Constraint

MAX_CANDIDATES = 1000
Decoded = NDArray[np.uint8] | CaptchaOcrError  # pixels [H, W, C], or why there are none


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
    """An ONNX session, and what is stored in its file: alphabet and further metadata.

    Several threads may use it at the same time.
    """

    session: InferenceSession
    codec: Codec
    metadata: Mapping[str, Any] = field(repr=False, compare=False)

    @classmethod
    def load(
        cls, source: Path | str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)
    ) -> "Recognizer":
        """Loads an exported file.

        `threads` is the most that one call may use; 0 means one for each core. Raises CaptchaOcrError if the file does
        not exist or was not exported by this project: `onnx_file.check` says what it may hold. For a model in MLflow's
        registry see `captcha_ocr.load_registered`.
        """
        path = Path(source)
        if str(source).startswith("models:/"):
            raise CaptchaOcrError(
                f"{source} is in MLflow's registry: load it with captcha_ocr.load_registered, or name a file"
            )
        if not path.is_file():
            raise CaptchaOcrError(f"{path} does not exist: run `dvc repro`, or name an exported model")
        check_size(path.stat().st_size, str(path))
        return cls.from_bytes(path.read_bytes(), str(path), threads, providers)

    @classmethod
    def from_bytes(
        cls, model: bytes, name: str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)
    ) -> "Recognizer":
        """Loads the bytes of an exported file; `name` is for messages. Raises CaptchaOcrError as `load` does."""
        session, metadata = open_session(model, name, threads, providers)
        return cls(session, Codec(metadata["alphabet"]), metadata)

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
        self,
        pictures: Iterable[Source | CaptchaOcrError],
        batch_size: int = 64,
        constraint: Constraint | None = None,
    ) -> Iterator[Reading | CaptchaOcrError]:
        """Yields, for each picture in order, its reading or the error that names why it cannot be read.

        Pictures are taken from the iterable and decoded in portions: at most `batch_size` together, and at most
        RUN_PIXELS unless one picture has more. So there may be more than memory holds. An error in place of a picture
        is yielded as it is. Raises CaptchaOcrError for a constraint that no text can satisfy.
        """
        if batch_size < 1:
            raise CaptchaOcrError(f"batch_size is {batch_size}: read at least 1 picture at a time")
        automaton = constraint.compiled(self.codec) if constraint is not None else None
        for portion in _portions(pictures, batch_size):
            for outcome in self._read_portion(portion):
                if automaton is None or isinstance(outcome, CaptchaOcrError):
                    yield outcome
                else:
                    yield self._best(outcome.log_probs, 1, automaton)[0]

    def candidates(self, picture: Source, count: int, constraint: Constraint | None = None) -> list[Reading]:
        """The `count` most probable readings of a picture that satisfy the constraint, most probable first.

        Raises CaptchaOcrError as `read` does, and for a `count` that is not from 1 to MAX_CANDIDATES.
        """
        if not 1 <= count <= MAX_CANDIDATES:
            raise CaptchaOcrError(f"{count} candidates of a picture: ask for 1 to {MAX_CANDIDATES}")
        automaton = (constraint or Constraint()).compiled(self.codec)
        return self._best(self.read(picture).log_probs, count, automaton)

    def _read_portion(self, portion: Sequence[Decoded]) -> list[Reading | CaptchaOcrError]:
        """Reads decoded pictures, those of equal shape together; errors stay."""
        outcomes: list[Any] = list(portion)
        by_shape = defaultdict(list)
        for index, pixels in enumerate(outcomes):
            if isinstance(pixels, np.ndarray):
                by_shape[pixels.shape].append(index)
        for indices in by_shape.values():
            pictures = [outcomes[index] for index in indices]
            batch = np.stack(pictures) if len(pictures) > 1 else pictures[0][None]
            outputs = run_session(self.session, batch, self.codec.alphabet)
            for index, *values in zip(indices, *outputs, strict=True):
                outcomes[index] = _reading(*values)
        return outcomes

    def _best(self, log_probs: NDArray[np.float32], count: int, automaton: Automaton) -> list[Reading]:
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


def _portions(sources: Iterable[Source | CaptchaOcrError], most: int) -> Iterator[list[Decoded]]:
    """Decoded pictures in order, at most `most` together, and at most RUN_PIXELS unless one picture has more."""
    portion: list[Decoded] = []
    total = 0
    for position, source in enumerate(sources):
        decoded = _pixels_or_error(source, position)
        pixels = 0 if isinstance(decoded, CaptchaOcrError) else decoded.shape[0] * decoded.shape[1]
        if portion and total + pixels > RUN_PIXELS:
            yield portion
            portion, total = [], 0
        portion.append(decoded)
        total += pixels
        if len(portion) == most:
            yield portion
            portion, total = [], 0
    if portion:
        yield portion


def _pixels_or_error(source: Source | CaptchaOcrError, position: int) -> Decoded:
    if isinstance(source, CaptchaOcrError):
        return source
    name = str(source) if isinstance(source, str | Path) else f"picture {position} ({type(source).__name__})"
    try:
        return pixels_of(source, name)
    except CaptchaOcrError as error:
        return error


def _reading(text: str, confidence: float, symbols: NDArray[np.float32], log_probs: NDArray[np.float32]) -> Reading:
    length = np.count_nonzero(symbols)  # the file pads with zeros after the text
    return Reading(text, float(confidence), tuple(symbols[:length].tolist()), log_probs)
