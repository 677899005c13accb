"""Opens an exported file as a session of onnxruntime, and runs it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, RunOptions, SessionOptions

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.onnx_file.check import check_onnx_file
from captcha_ocr.onnx_file.metadata import METADATA_KEY, parse_metadata

# What exported files take and give: names, types and numbers of axes.
INPUT = ("image", "tensor(uint8)", 4)
OUTPUTS = {
    "text": ("tensor(string)", 1),
    "confidence": ("tensor(float)", 1),
    "symbol_confidence": ("tensor(float)", 2),
    "log_probs": ("tensor(float)", 3),
}
MAX_THREADS = 1024
RUN_PIXELS = 2**22  # most pixels in one call, all its pictures together, unless one has more; it bounds memory
SILENT = 4  # onnxruntime's log level: errors are raised and need not be printed as well
AGAIN = "export it again with `dvc repro`"


def open_session(
    content: bytes, name: str, threads: int, providers: Sequence[str]
) -> tuple[InferenceSession, dict[str, Any]]:
    """The session of an exported file, and its metadata; `threads` is the most for one call, or 0 for one a core.

    Raises CaptchaOcrError with `name` for whatever is not an exported file, as `check_onnx_file` and `parse_metadata`
    do, and where inputs, outputs and alphabet do not fit together.
    """
    if not 0 <= threads <= MAX_THREADS:
        raise CaptchaOcrError(f"threads is {threads}: give 1 to {MAX_THREADS}, or 0 for one for each core")
    check_onnx_file(content, name)
    options = SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = threads, SILENT
    # What was checked is ONNX. Otherwise four bytes in it could make onnxruntime take it for its own, unchecked format.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    try:
        session = InferenceSession(content, options, list(providers))
        stored = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)  # its text may not be UTF-8
    except Exception as error:  # onnxruntime's own exceptions have no common base
        raise CaptchaOcrError(f"{name} is not a model that onnxruntime can load: {error}") from None
    if stored is None or not set(OUTPUTS) <= {output.name for output in session.get_outputs()}:
        raise CaptchaOcrError(f"{name} was not exported by this version of captcha-ocr: {AGAIN}")
    metadata = parse_metadata(stored, name)
    _check_form(session, len(metadata["alphabet"]), name)
    return session, metadata


def _check_form(session: InferenceSession, symbols: int, name: str) -> None:
    """Raises CaptchaOcrError where inputs or outputs are not those of exported files for so many symbols."""
    inputs = [(value.name, value.type, len(value.shape)) for value in session.get_inputs()]
    outputs = {value.name: (value.type, len(value.shape)) for value in session.get_outputs()}
    if inputs != [INPUT] or outputs != OUTPUTS:
        raise CaptchaOcrError(f"{name} has the inputs {inputs} and outputs {outputs}: {AGAIN}")
    *_, classes = next(value.shape for value in session.get_outputs() if value.name == "log_probs")
    if classes != symbols + 1:
        raise CaptchaOcrError(f"{name} has {classes} classes for {symbols} symbols and the blank: {AGAIN}")


def _run_options(batch: NDArray[np.uint8]) -> RunOptions:
    options = RunOptions()
    if batch.shape[0] * batch.shape[1] * batch.shape[2] > RUN_PIXELS:
        # Else the session would keep for good what it takes for one large picture: about a gigabyte.
        options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def run_session(session: InferenceSession, batch: NDArray[np.uint8], alphabet: str) -> list[NDArray[Any]]:
    """The OUTPUTS for pictures [N, H, W, C].

    Raises CaptchaOcrError where the file gives none, or impossible ones: only a damaged file does, as export compares
    every file with its network.
    """
    try:
        outputs: list[NDArray[Any]] = session.run(list(OUTPUTS), {"image": batch}, _run_options(batch))
    except Exception as error:  # onnxruntime's own exceptions have no common base
        raise CaptchaOcrError(f"the model cannot read pictures of the shape {batch.shape}: {error}") from None
    if problem := _impossible(outputs, len(batch), alphabet):
        raise CaptchaOcrError(f"the model gives {problem}: {AGAIN}")
    return outputs


def _impossible(outputs: Sequence[NDArray[Any]], count: int, alphabet: str) -> str:
    """What is impossible about the OUTPUTS for `count` pictures, as a phrase; empty where nothing is."""
    texts, confidences, symbols, log_probs = outputs
    axes = (texts.shape[0], confidences.shape[0], symbols.shape[0], log_probs.shape[0], log_probs.shape[2])
    if axes != (count, count, count, count, len(alphabet) + 1):
        return f"outputs of the shapes {[output.shape for output in outputs]} for {count} pictures"
    if not ((confidences >= 0) & (confidences <= 1)).all():  # a comparison with nan is false
        return f"confidences from {confidences.min()} to {confidences.max()}"
    if foreign := set("".join(texts)) - set(alphabet):
        return f"texts with {listed(sorted(map(repr, foreign)))}, which its alphabet lacks"
    return ""
