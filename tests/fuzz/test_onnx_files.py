"""Model files of strangers: loaded and read with, or refused; no other file is read, and nothing crashes."""

from pathlib import Path

import numpy as np
import onnx
from hypothesis import given

from captcha_ocr.recognizer import Recognizer
from captcha_ocr.search.constraints import Constraint
from tests.fuzz.cases import fuzzed
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.onnx_files import SIZE, onnx_files

BOUNDS = Bounds(seconds=5, megabytes=1000)
PICTURES = np.random.default_rng(0).integers(0, 256, (2, SIZE.height, SIZE.width, 1)).astype(np.uint8)


def _outside(model: onnx.ModelProto) -> bool:
    """Whether the file asks for the content of another, by the text of all its fields."""
    return "data_location: EXTERNAL" in str(model)


def answer(content: bytes, folder: Path) -> None:
    """As `captcha-ocr read` treats a model: from a file, beside which another lies."""
    (folder / "weights.bin").write_bytes(bytes(1000))
    path = folder / "model.onnx"
    path.write_bytes(content)
    recognizer = Recognizer.load(path, threads=1)
    for reading in recognizer.read(PICTURES) + recognizer.read(PICTURES, constraint=Constraint.exact_length(2)):
        assert isinstance(reading.text, str)
        assert isinstance(reading.confidence, float)
    assert not _outside(onnx.ModelProto.FromString(content))


@fuzzed
@given(onnx_files())
def test_a_model_file_is_loaded_or_refused(judged: Judge, content: bytes) -> None:
    judged.answer(content)
