from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.likelihood import label_log_probabilities, log_softmax
from captcha_ocr.train.loss import ctc_loss, uniform_alignment_loss

CODEC = Codec("abc")
LABELS = ["a", "abca", "bb", "cab"]
LOGITS = np.random.default_rng(0).normal(size=(len(LABELS), 8, CODEC.classes)).astype(np.float32) * 2


def loss_and_gradient(loss: Callable, labels: np.ndarray, logits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[N] and [N, T, K]: each picture's loss, and the gradient of their sum by the logits."""
    x = tf.constant(logits)
    with tf.GradientTape() as tape:
        tape.watch(x)
        losses = loss(labels, x)
    return losses.numpy(), tape.gradient(losses, x).numpy()


def numpy(x: object) -> np.ndarray:
    return ops.convert_to_numpy(x)


def test_the_loss_agrees_with_the_forward_algorithm_in_numpy() -> None:
    """Which itself agrees with enumerating all paths."""
    labels = CODEC.encode_batch(LABELS)
    expected = -label_log_probabilities(log_softmax(LOGITS), labels)
    np.testing.assert_allclose(numpy(ctc_loss(labels, LOGITS)), expected, rtol=1e-4)


LOSSES = [ctc_loss, uniform_alignment_loss]
# The padding is whatever follows the first blank: nothing, blanks, or what a careless caller left there.
PADDINGS = [[], [0], [0, 0, 0], [0, 1, 3], [0, 2, 2, 2, 2, 2, 2]]


def padded(padding: list[int]) -> np.ndarray:
    """The labels, each followed by a blank and `padding`, as far as the longest leaves room."""
    longest = max(map(len, LABELS))
    rows = [[*CODEC.encode(label), *padding, *[0] * (longest - len(label))] for label in LABELS]
    return np.array([row[: longest + len(padding)] for row in rows], dtype=np.int32)


@pytest.mark.parametrize("padding", PADDINGS)
@pytest.mark.parametrize("loss", LOSSES)
def test_padding_changes_neither_loss_nor_gradient(loss: Callable, padding: list[int]) -> None:
    expected, expected_gradient = loss_and_gradient(loss, CODEC.encode_batch(LABELS), LOGITS)
    found, gradient = loss_and_gradient(loss, padded(padding), LOGITS)
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-6)


TINY = ["", "a", "aa", "ab", "aba", "abb", "bbb", "baab"]
TINY_CODEC, TINY_STEPS = Codec("ab"), 5


def enumerated(logits: np.ndarray, label: str) -> tuple[float, np.ndarray]:
    """-log p(label) and its gradient by the logits, over every single path.

    The gradient of -log p is the softmax less the share that each class has, at each step, of the label's paths
    (Graves et al. 2006, equation 16).
    """
    probabilities = np.exp(log_softmax(logits))
    total, visits = 0.0, np.zeros_like(probabilities)
    for path in product(range(TINY_CODEC.classes), repeat=TINY_STEPS):
        if TINY_CODEC.collapse(path) == label:
            share = probabilities[np.arange(TINY_STEPS), path].prod()
            total += share
            visits[np.arange(TINY_STEPS), path] += share
    return -np.log(total), probabilities - visits / total


def test_loss_and_gradient_agree_with_the_enumeration_of_all_paths() -> None:
    """Labels of no to four symbols, with repeats, in one batch."""
    logits = np.random.default_rng(1).normal(size=(len(TINY), TINY_STEPS, 3)).astype(np.float32) * 2
    loss, gradient = loss_and_gradient(ctc_loss, TINY_CODEC.encode_batch(TINY), logits)
    expected = [enumerated(row, label) for row, label in zip(logits.astype(float), TINY, strict=True)]
    np.testing.assert_allclose(loss, [value for value, _ in expected], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(gradient, [slope for _, slope in expected], atol=1e-5)


def library_loss(of: str) -> Callable:
    """The library's own function, told each length as a number."""

    def loss(labels: np.ndarray, logits: tf.Tensor) -> tf.Tensor:
        lengths, steps = [len(label) for label in LABELS], [logits.shape[1]] * len(LABELS)
        if of == "keras":
            return ops.ctc_loss(labels, logits, lengths, steps, mask_index=0)
        return tf.nn.ctc_loss(labels, logits, lengths, steps, logits_time_major=False, blank_index=0)

    return loss


@pytest.mark.parametrize("of", ["keras", "tensorflow"])
def test_loss_and_gradient_are_those_of_the_libraries(of: str) -> None:
    labels = CODEC.encode_batch(LABELS)
    expected, expected_gradient = loss_and_gradient(library_loss(of), labels, LOGITS)
    found, gradient = loss_and_gradient(ctc_loss, labels, LOGITS)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    np.testing.assert_allclose(gradient, expected_gradient, atol=1e-6)


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


def test_uniform_alignment_leaves_out_steps_that_show_padding() -> None:
    shown = np.array([[1, 1, 1, 0, 1, 1, 1, 0]], dtype=bool)
    found = uniform_alignment_loss(CODEC.encode_batch(["abc"]), LOGITS[:1], shown)
    expected = uniform_alignment_loss(CODEC.encode_batch(["abc"]), LOGITS[:1][shown][None])
    np.testing.assert_allclose(numpy(found), numpy(expected), rtol=1e-5)
