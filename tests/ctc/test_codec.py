import time

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


def seconds_to_encode(codec: Codec) -> float:
    labels = [codec.alphabet[-10:]] * 20_000
    started = time.process_time()
    for label in labels:
        codec.encode(label)
    return time.process_time() - started


def test_a_label_takes_no_longer_with_thousands_of_symbols() -> None:
    """A search in the alphabet, or a set of it for each label, takes over a hundred times as long."""
    assert seconds_to_encode(Codec("".join(map(chr, range(0x4E00, 0x9000))))) < 20 * seconds_to_encode(
        Codec("0123456789")
    )


def test_a_long_alphabet_is_quoted_in_part() -> None:
    codec = Codec("".join(map(chr, range(0x4E00, 0x4E00 + 5_000))))
    with pytest.raises(
        CaptchaOcrError, match=r"holds a, which text\.alphabet '一.{99}'… \(5000 symbols\) lacks"
    ) as raised:
        codec.encode("a")
    assert len(str(raised.value)) < 300
