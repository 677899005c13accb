import numpy as np
import pytest
from onnxruntime import InferenceSession

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.ctc.likelihood import label_log_probabilities, log_softmax
from captcha_ocr.export.decoding_graph import decoding_graph
from captcha_ocr.search.confidence import symbol_peaks

# Symbols beyond ASCII, and those that have a meaning in ONNX's own text format.
CODEC = Codec('ab"é{漢')


def read(logits: np.ndarray, temperature: float = 1.0) -> list[np.ndarray]:
    graph = decoding_graph(CODEC, logits.shape[1], temperature)
    return InferenceSession(graph.SerializeToString()).run(None, {"logits": logits})


def random_logits(count: int, steps: int, blanks: float = 1.0) -> np.ndarray:
    logits = np.random.default_rng(steps).normal(0, 2, (count, steps, CODEC.classes))
    logits[:, :, 0] += blanks
    return logits.astype(np.float32)


@pytest.mark.parametrize("steps", [1, 2, 3, 8, 30, 33, 130])
@pytest.mark.parametrize("temperature", [1.0, 0.6, 2.5])
def test_text_and_confidence_are_those_of_the_reference(steps: int, temperature: float) -> None:
    logits = random_logits(9, steps)
    logits[4, :, 0] = 50  # nothing but blanks
    text, confidence, symbols, log_probs = read(logits, temperature)
    wanted = log_softmax(logits / temperature)
    texts = greedy_decode(wanted, CODEC)
    assert text.tolist() == texts
    np.testing.assert_allclose(log_probs, wanted, atol=1e-4)
    probabilities = np.exp(label_log_probabilities(wanted, CODEC.encode_batch(texts)))
    np.testing.assert_allclose(confidence, probabilities, rtol=1e-3, atol=1e-30)
    assert symbols.shape == (9, max(1, *map(len, texts)))
    for row, steps_of_row, read_text in zip(symbols, wanted, texts, strict=True):
        np.testing.assert_allclose(row[: len(read_text)], symbol_peaks(steps_of_row), rtol=1e-4)
        assert not row[len(read_text) :].any()


def test_a_batch_of_blanks_is_read_as_nothing_surely() -> None:
    logits = np.zeros((3, 5, CODEC.classes), np.float32)
    logits[:, :, 0] = 30
    text, confidence, symbols, _ = read(logits)
    assert text.tolist() == [""] * 3
    np.testing.assert_allclose(confidence, 1, rtol=1e-5)
    assert symbols.tolist() == [[0.0]] * 3


def test_equal_neighbours_are_kept_apart_by_their_blank() -> None:
    logits = np.full((1, 4, CODEC.classes), -20, np.float32)
    for step, symbol in enumerate([1, 0, 1, 1]):
        logits[0, step, symbol] = 20
    text, confidence, _, _ = read(logits)
    assert text.tolist() == ["aa"]
    assert confidence[0] == pytest.approx(1)
