import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.evaluate.start import before_fit, texts_before
from tests.examples import predictions


def test_symbols_that_the_start_did_not_know_are_never_read() -> None:
    logits = np.array([[[0.0, 1.0, 0.5, 9.0]]], np.float32)  # blank, a, b, c
    assert texts_before(logits, Codec("abc"), known="ab") == ["a"]


def test_what_the_fit_has_gained_and_lost_is_counted_picture_by_picture() -> None:
    fitted = predictions(["aa", "bb", "ab", "ba"], ["aa", "bb", "ab", "b"], [0.5, 0.6, 0.7, 0.8])
    read = {"aa": "aa", "bb": "", "ab": "a", "ba": "ba"}
    texts = [read[label] for label in fitted.label]
    found = before_fit(fitted, fitted.file.tolist()[::-1], texts[::-1], "models:/reader@champion (version 3)")
    assert (found.exact_match, found.gained, found.lost, found.difference) == (0.5, 2, 1, 0.25)
    assert found.sentence().startswith(
        "Before the fit, models:/reader@champion (version 3) read 50.00 % of these pictures exactly, CER "
    )
    assert "gained 2 pictures and lost 1: +25.00 points (95 % interval " in found.sentence()
