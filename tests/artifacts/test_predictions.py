from captcha_ocr.artifacts.predictions import Predictions, worst_first
from tests.examples import predictions


def test_a_text_is_exact_where_it_is_the_label() -> None:
    assert predictions(["a", "nan", "1", ""], ["a", "NA", "01", ""]).exact.tolist() == [True, False, False, True]
    assert predictions([], []).exact.tolist() == []


def test_the_worst_reading_comes_first_and_then_the_least_sure_and_then_by_name() -> None:
    found = predictions(["ab", "cd", "ef", "gh", "ba"], ["ab", "xx", "ef", "gx", "ba"], [0.9, 0.99, 0.5, 0.1, 0.9])
    ordered = Predictions.from_frame(worst_first(found.frame))
    assert ordered.label.tolist() == ["cd", "gh", "ef", "ab", "ba"]
