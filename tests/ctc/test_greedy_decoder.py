import numpy as np
import pytest

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode, read_greedily
from captcha_ocr.ctc.likelihood import tempered

CODEC = Codec("ab")


def test_greedy_decoding_follows_the_best_path() -> None:
    a, b = CODEC.encode("ab")
    path = np.eye(CODEC.classes)[[a, a, 0, a, b]]
    assert greedy_decode(path[None], CODEC) == ["aab"]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_a_confidence_is_the_probability_of_the_text_over_all_its_paths(temperature: float) -> None:
    blank_blank, a_a = np.log([[0.6, 0.3, 0.1]] * 2), np.log([[0.1, 0.8, 0.1]] * 2)
    found = read_greedily(np.array([blank_blank, a_a]), CODEC, temperature)
    assert found.texts == ["", "a"]
    (blank, _, _), (other, a, _) = np.exp(tempered(np.array([blank_blank[0], a_a[0]]), temperature))
    np.testing.assert_allclose(found.confidences, [blank**2, a * a + 2 * a * other])


def test_a_temperature_changes_confidences_and_no_text() -> None:
    logits = np.random.default_rng(0).normal(size=(50, 4, CODEC.classes)) * 2
    plain, flat = read_greedily(logits, CODEC, 1.0), read_greedily(logits, CODEC, 2.5)
    assert plain.texts == flat.texts == greedy_decode(logits, CODEC)
    assert not np.allclose(plain.confidences, flat.confidences)
    np.testing.assert_allclose(flat.log_probs, tempered(logits, 2.5))
