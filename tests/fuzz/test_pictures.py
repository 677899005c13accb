"""Picture files of strangers: decoded, if the project promises their format, or refused; no program is started."""

from pathlib import Path

import numpy as np
from hypothesis import given

from captcha_ocr.pictures.decoding import pixels_of
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.opening import MAX_PIXELS
from captcha_ocr.pictures.preprocessing import to_input
from tests.fuzz.cases import fuzzed
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.pictures import SIGNATURES, pictures

BOUNDS = Bounds(seconds=5, megabytes=700)
SMALL = 10_000  # pixels of a picture that is also brought to the network's size: a greater one only takes longer


def answer(content: bytes, folder: Path) -> None:
    """As the recogniser treats a picture, given as bytes and as a file."""
    pixels = pixels_of(content, "picture 0")
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] in (1, 2, 3, 4)
    assert 0 < pixels.shape[0] * pixels.shape[1] <= MAX_PIXELS
    assert content.startswith(SIGNATURES), f"of a format that is not promised: {content[:16]!r}"
    if pixels.size <= SMALL:
        assert to_input(pixels, InputSize(32, 16)).shape == (16, 32, 1)
        path = folder / "a.png"
        path.write_bytes(content)
        assert np.array_equal(pixels_of(path, "a.png"), pixels)


@fuzzed
@given(pictures())
def test_a_picture_is_decoded_or_refused(judged: Judge, content: bytes) -> None:
    judged.answer(content)
