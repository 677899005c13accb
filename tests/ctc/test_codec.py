import pytest
from hypothesis import given
from hypothesis import strategies as st

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import BLANK, Codec

CODEC = Codec("2345ab")


@given(st.text(alphabet="2345ab", max_size=12))
def test_decoding_an_encoded_label_gives_the_label(label: str) -> None:
    assert CODEC.decode(CODEC.encode(label)) == label


@given(st.lists(st.text(alphabet="2345ab", max_size=6), min_size=1, max_size=5))
def test_a_batch_of_any_lengths_is_padded_with_the_blank(labels: list[str]) -> None:
    batch = CODEC.encode_batch(labels)
    assert batch.shape == (len(labels), max(map(len, labels)))
    assert [CODEC.decode(row) for row in batch.tolist()] == labels


def test_a_foreign_symbol_is_named_with_the_remedy() -> None:
    with pytest.raises(CaptchaOcrError, match=r"'2z' holds z.*text\.alphabet"):
        CODEC.encode("2z")


def test_a_path_collapses_runs_before_blanks() -> None:
    two, three = CODEC.encode("23")
    assert CODEC.collapse([BLANK, two, two, BLANK, two, three, three, BLANK]) == "223"
