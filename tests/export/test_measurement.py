import numpy as np

from captcha_ocr.artifacts.export_report import FileMeasurement
from captcha_ocr.export.measurement import LoadedFile, SideReadings, measure, objections_to_int8
from captcha_ocr.recognizer import Recognizer
from tests.examples import MEASUREMENT as WHOLE
from tests.exported import exported, noise, untrained


def small(**changed: float) -> FileMeasurement:
    """A third of the size, with some values changed."""
    return WHOLE.model_copy(update={"bytes": 260_000, **changed})


def test_a_small_file_that_loses_nothing_is_not_objected_to() -> None:
    assert objections_to_int8(WHOLE, small(), 0.2) == []


def test_a_loss_on_validation_is_an_objection_and_one_on_test_is_not() -> None:
    assert objections_to_int8(WHOLE, small(exact_match=0.5), 0.2) == []
    (said,) = objections_to_int8(WHOLE, small(validation_exact_match=0.99), 0.2)
    assert said == "it loses 1.00 points of exact match on validation, and export.int8_max_loss is 0.2"
    assert objections_to_int8(WHOLE, small(validation_exact_match=0.99), 1.5) == []


def test_a_file_that_is_hardly_smaller_is_no_gain() -> None:
    (said,) = objections_to_int8(WHOLE, small(bytes=870_000), 0.2)
    assert "870,000 bytes, no gain over 880,000" in said


def test_measurements_are_of_the_splits_that_they_name() -> None:
    recognizer = Recognizer.from_bytes(exported(untrained()).SerializeToString(), "a")
    pictures = list(noise(6))
    texts = [reading.text for reading in recognizer.read(pictures)]
    validation, test = SideReadings(texts, {"a": texts}), SideReadings([*texts[:4], "x", "x"], {"a": texts})
    found = measure({"a": LoadedFile(recognizer, 77)}, validation, test, pictures)["a"]
    assert (found.validation_exact_match, found.exact_match) == (1.0, 4 / 6)
    assert (found.bytes, found.samples) == (77, 6)
    assert all(0 < found.p50_ms[b] <= found.p95_ms[b] for b in (1, 32))
    assert np.isclose(found.pictures_per_second[32], 32_000 / found.p50_ms[32])
