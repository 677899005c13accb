from dataclasses import replace

import numpy as np
import onnx

from captcha_ocr.export.measurement import FileFigures, measure, objections_to_int8
from captcha_ocr.recognizer import Recognizer
from tests.exported import exported, noise, untrained

WHOLE = FileFigures(880_000, 101, 1.0, 0.99, 0.002, {1: 1.0, 32: 24.0}, {1: 1.5, 32: 30.0})
SMALL = replace(WHOLE, bytes=260_000, p50_ms={1: 0.8, 32: 16.0})


def test_a_small_file_that_loses_nothing_is_not_objected_to() -> None:
    assert objections_to_int8(WHOLE, SMALL, 0.2) == []


def test_a_loss_on_validation_is_an_objection_and_one_on_test_is_not() -> None:
    assert objections_to_int8(WHOLE, replace(SMALL, exact_match=0.5), 0.2) == []
    (said,) = objections_to_int8(WHOLE, replace(SMALL, validation_exact_match=0.99), 0.2)
    assert said == "it loses 1.00 points of exact match on validation, and export.int8_max_loss is 0.2"
    assert objections_to_int8(WHOLE, replace(SMALL, validation_exact_match=0.99), 1.5) == []


def test_a_file_that_is_hardly_smaller_is_no_gain() -> None:
    (said,) = objections_to_int8(WHOLE, replace(SMALL, bytes=870_000), 0.2)
    assert "870,000 bytes, no gain over 880,000" in said


def test_figures_are_of_the_splits_that_they_name() -> None:
    model: onnx.ModelProto = exported(untrained())
    recognizer, pictures = Recognizer.from_bytes(model.SerializeToString(), "a"), list(noise(6))
    texts = [reading.text for reading in recognizer.read(pictures)]
    wrong = [*texts[:4], "x", "x"]
    figures = measure({"a": (recognizer, 77)}, (pictures, texts), (pictures, wrong))["a"]
    assert (figures.validation_exact_match, figures.exact_match) == (1.0, 4 / 6)
    assert figures.bytes == 77
    assert figures.samples == 6
    assert all(0 < figures.p50_ms[b] <= figures.p95_ms[b] for b in (1, 32))
    assert np.isclose(figures.pictures_per_second[32], 32_000 / figures.p50_ms[32])
