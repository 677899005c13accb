"""Which labels are called suspect, from log probabilities made by hand."""

import numpy as np
import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.evaluate.suspects import suspect_rows, suspects_of

CODEC = Codec("abc")


def found(labels: list[str], shares: list[list[float]]) -> list[tuple[str, str]]:
    """File and reading of each suspect; a picture has one time step with these shares of ∅, a, b and c."""
    logits = np.log(np.array(shares))[:, None, :]
    readings = read_greedily(logits, CODEC, 1.0)
    files = [f"{number}.png" for number in range(len(labels))]
    table = suspects_of(suspect_rows("test", files, labels, readings, CODEC))
    return list(zip(table.file, table.text, strict=True))


SURE_OF_A = [1e-5, 1 - 4e-5, 2e-5, 1e-5]


@pytest.mark.parametrize(
    ("label", "shares", "suspect"),
    [
        ("b", SURE_OF_A, True),
        ("bc", SURE_OF_A, True),  # it needs more time steps than there are
        ("", SURE_OF_A, True),
        ("a", SURE_OF_A, False),
        ("b", [0.01, 0.95, 0.02, 0.02], False),  # the label is possible
        ("b", [0.30, 0.40, 0.0001, 0.2999], False),  # the model is not sure of another text
    ],
)
def test_a_label_is_suspect_if_another_text_is_sure_and_it_is_next_to_impossible(
    label: str, shares: list[float], suspect: bool
) -> None:
    with np.errstate(divide="ignore"):
        assert bool(found([label], [shares])) == suspect


def test_the_most_doubtful_label_comes_first() -> None:
    other = [1e-5, 1e-4, 1e-9, 1 - 1.1e-4]
    assert found(["b", "a", "b"], [SURE_OF_A, SURE_OF_A, other]) == [("2.png", "c"), ("0.png", "a")]


def test_a_label_that_the_model_cannot_write_is_refused() -> None:
    with pytest.raises(CaptchaOcrError, match="holds x"):
        found(["x"], [SURE_OF_A])
