import unicodedata

from captcha_ocr.adopt.labels import decide_text, sorted_alphabet
from captcha_ocr.fetch.layouts.entry import Entry


def test_an_alphabet_has_digits_letters_and_others_in_this_order() -> None:
    assert sorted_alphabet(set("b-a 90Zя写")) == "09Zabя写 -"


def test_marks_that_are_symbols_of_their_own_combine_with_nothing() -> None:
    alphabet = sorted_alphabet({"z", "a", "\u0301", "\u0323", "\u0302"})
    assert unicodedata.is_normalized("NFC", alphabet)
    assert set(alphabet) == {"z", "a", "\u0301", "\u0323", "\u0302"}


def test_pictures_without_a_label_and_labels_with_outer_spaces_are_said() -> None:
    entries = [Entry(file, text, None, bytes) for file, text in (("1.png", None), ("2.png", "ab "), ("3.png", "ab"))]
    decision = decide_text({"2.png": "ab ", "3.png": "ab"}, entries)
    said = {doubt.key: doubt.text for doubt in decision.doubts}
    assert "1.png" in said["text.label_pattern"]
    assert "'ab ' (2.png)" in said["text.alphabet"]
