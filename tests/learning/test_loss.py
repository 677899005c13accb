import numpy as np
from keras import ops

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.ctc import label_log_probabilities, log_softmax
from captcha_ocr.learning.loss import ctc_loss, uniform_alignment_loss

CODEC = Codec("abc")
LABELS = ["a", "abca", "bb", "cab"]
LOGITS = np.random.default_rng(0).normal(size=(len(LABELS), 8, CODEC.classes)).astype(np.float32) * 2


def numpy(x: object) -> np.ndarray:
    return ops.convert_to_numpy(x)


def test_the_loss_agrees_with_the_forward_algorithm_in_numpy() -> None:
    """Which itself agrees with enumerating all paths."""
    labels = CODEC.encode_batch(LABELS)
    expected = -label_log_probabilities(log_softmax(LOGITS), labels)
    np.testing.assert_allclose(numpy(ctc_loss(labels, LOGITS)), expected, rtol=1e-4)


def test_padding_changes_no_loss() -> None:
    labels = CODEC.encode_batch(LABELS)
    padded = np.pad(labels, ((0, 0), (0, 3)))
    np.testing.assert_allclose(numpy(ctc_loss(padded, LOGITS)), numpy(ctc_loss(labels, LOGITS)), rtol=1e-5)
    np.testing.assert_allclose(
        numpy(uniform_alignment_loss(padded, LOGITS)), numpy(uniform_alignment_loss(labels, LOGITS)), rtol=1e-5
    )


def test_labels_of_several_lengths_lose_in_a_batch_what_they_lose_alone() -> None:
    together = numpy(ctc_loss(CODEC.encode_batch(LABELS), LOGITS))
    alone = [numpy(ctc_loss(CODEC.encode_batch([s]), LOGITS[i : i + 1]))[0] for i, s in enumerate(LABELS)]
    np.testing.assert_allclose(together, alone, rtol=1e-5)


def test_uniform_alignment_asks_for_each_symbol_in_its_share_of_the_steps() -> None:
    a, b, c = CODEC.encode("abc")
    targets = np.array([a, a, a, b, b, b, c, c])  # floor(t * 3 / 8)
    log_probs = log_softmax(LOGITS[:1])[0]
    expected = -log_probs[np.arange(8), targets].mean() * 3
    found = numpy(uniform_alignment_loss(CODEC.encode_batch(["abc"]), LOGITS[:1]))
    np.testing.assert_allclose(found, [expected], rtol=1e-5)
