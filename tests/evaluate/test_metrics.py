import pytest

from captcha_ocr.evaluate.confidence import above_threshold, calibration_errors
from captcha_ocr.evaluate.metrics import all_metrics, confusion, reading_metrics
from captcha_ocr.scoring.metrics import wilson_interval
from tests.examples import FIT, predictions

PREDICTIONS = predictions(["aab", "abc", "cab", "bac"], ["aab", "ab", "cab", "bcc"], [0.9, 0.4, 0.8, 0.7])


def test_readings_are_measured_by_picture_symbol_and_position() -> None:
    found = reading_metrics(PREDICTIONS)
    assert (found.samples, found.exact_match) == (4, 0.5)
    assert (found.exact_match_low, found.exact_match_high) == wilson_interval(2, 4)
    assert found.cer == 2 / 12
    assert found.mean_edit_distance == 0.5
    assert found.accuracy == {"position_1": 1.0, "position_2": 0.75, "position_3": 0.75}


def test_labels_with_adjacent_repeats_are_measured_apart() -> None:
    found = reading_metrics(PREDICTIONS)
    assert (found.samples_with_repeats, found.exact_match_with_repeats) == (1, 1.0)
    assert (found.samples_without_repeats, found.exact_match_without_repeats) == (3, pytest.approx(1 / 3))


def test_where_no_label_has_adjacent_repeats_there_is_no_exact_match_of_them() -> None:
    found = reading_metrics(predictions(["ab"], ["ab"]))
    assert (found.samples_with_repeats, found.exact_match_with_repeats) == (0, None)


def test_the_file_holds_readings_confidences_and_what_the_fit_set() -> None:
    found = all_metrics(PREDICTIONS, FIT, images_per_second=10.0)
    errors, readings = calibration_errors(PREDICTIONS), reading_metrics(PREDICTIONS)
    assert {name: getattr(found, name) for name in type(readings).model_fields} == dict(readings)
    assert {name: getattr(found, name) for name in type(errors).model_fields} == dict(errors)
    assert found.above_threshold == above_threshold(PREDICTIONS, FIT.confidence_threshold)
    assert (found.temperature, found.images_per_second) == (FIT.temperature, 10.0)


def test_the_result_is_said_in_one_line() -> None:
    said = all_metrics(PREDICTIONS, FIT, images_per_second=10.0).sentence()
    assert said == "50.00 % of 4 test pictures read exactly (95 % interval 15.0 to 85.0 %), CER 16.67 %"


def test_the_confusion_has_a_row_for_every_symbol_read_missing_or_added() -> None:
    pairs = confusion(predictions(["aab", "ab"], ["ab", "abb"]))
    assert sorted(zip(pairs.actual, pairs.predicted, strict=True)) == [
        ("a", "a"),
        ("a", "a"),
        ("a", "∅"),
        ("b", "b"),
        ("b", "b"),
        ("∅", "b"),
    ]
