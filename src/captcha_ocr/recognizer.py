"""Reads pictures with an exported file; needs onnxruntime, numpy and Pillow, and nothing else."""

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
RUN_PIXELS = 2**22  # at most that many pixels in one call of the session, however many pictures these are
SILENT = 4  # onnxruntime's log level: what goes wrong is raised, and need not be printed as well


@dataclass(frozen=True)
class Reading:
    """The text of one picture, and p(text | picture), calibrated on the validation split.

    Read within a constraint, it is p(text | picture, the constraint holds). `symbol_confidences` belong to the symbols
    one by one: docs/decoding.md says what they are. `log_probs` [T, K] are the calibrated ones of the network.
    """

    text: str
    confidence: float
    symbol_confidences: tuple[float, ...]
    log_probs: NDArray[np.float32] = field(repr=False, compare=False)


@dataclass(frozen=True)
class Recognizer:
    """An ONNX session and the alphabet that its file carries. May be used by many threads at once."""

    session: InferenceSession
    codec: Codec

    @classmethod
    def load(
        cls, source: Path | str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)
    ) -> "Recognizer":
        """The recogniser of an exported file.

        `threads` is how many one call may use, 0 as many as there are cores. Raises CaptchaOcrError where the file is
        not there, or was not exported by this project. `captcha_ocr.load_registered` takes a model from MLflow's
        registry.
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
        """The recogniser of an exported file's bytes; `name` is for messages. Raises as `load` does."""
        options = SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = threads, SILENT
        try:
            session = InferenceSession(model, options, list(providers))
        except Exception as error:  # onnxruntime's own exceptions have no common base
            raise CaptchaOcrError(f"{name} is not a model that onnxruntime can load: {error}") from None
        metadata = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
        if metadata is None or not set(OUTPUTS) <= {output.name for output in session.get_outputs()}:
            raise CaptchaOcrError(
                f"{name} was not exported by this version of captcha-ocr: export it anew with `dvc repro`"
            )
        return cls(session, Codec(json.loads(metadata)["alphabet"]))

    @overload
    def read(  # type: ignore[overload-overlap]  # a path or an array is one picture, though it can be iterated over
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

        A picture is a path, a file's bytes, a Pillow image, or an array, uint8 [H, W] or [H, W, C]; an array of four
        axes is several. Each is read within the constraint, if there is one. Raises CaptchaOcrError naming a picture
        that cannot be read, or a constraint that no text can satisfy.
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
        """For each picture, in order, its reading or the reason why there is none; takes and gives them as it goes."""
        remaining, position = iter(pictures), 0
        while batch := list(islice(remaining, batch_size)):
            for outcome in self._read_batch(batch, position):
                if constraint is None or isinstance(outcome, CaptchaOcrError):
                    yield outcome
                else:
                    yield self._best(outcome.log_probs, 1, constraint)[0]
            position += len(batch)

    def candidates(self, picture: Source, count: int, constraint: Constraint | None = None) -> list[Reading]:
        """The `count` most probable texts of a picture within the constraint, most probable first."""
        return self._best(self.read(picture).log_probs, count, constraint or Constraint())

    def _read_batch(self, sources: Sequence[Source], position: int) -> list[Reading | CaptchaOcrError]:
        outcomes: list[Any] = [_pixels_or_error(source, position + place) for place, source in enumerate(sources)]
        alike = defaultdict(list)
        for place, pixels in enumerate(outcomes):
            if isinstance(pixels, np.ndarray):
                alike[pixels.shape].append(place)
        for (height, width, _), places in alike.items():
            size = max(1, RUN_PIXELS // (height * width))
            for run in (places[start : start + size] for start in range(0, len(places), size)):
                found = self.session.run(OUTPUTS, {"image": np.stack([outcomes[place] for place in run])})
                for place, *values in zip(run, *found, strict=True):
                    outcomes[place] = _reading(*values)
        return outcomes

    def _best(self, log_probs: NDArray[np.float32], count: int, constraint: Constraint) -> list[Reading]:
        automaton = constraint.compiled(self.codec)
        whole = constraint_log_probability(log_probs, automaton)
        return [
            Reading(
                found.text,
                min(float(np.exp(found.log_probability - whole)), 1.0),  # rounding may lead past 1
                tuple(symbol_confidences(log_probs, found.text, self.codec)),
                log_probs,
            )
            for found in beam_search(log_probs, self.codec, automaton, count)
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
    length = np.count_nonzero(symbols)  # the file fills up with zeros behind the text
    return Reading(text, float(confidence), tuple(symbols[:length].tolist()), log_probs)
