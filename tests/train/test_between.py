"""Weights between start and end: a network of one layer, whose weights are chosen so that its readings are known."""

import keras
import numpy as np

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.samples import Samples
from captcha_ocr.train.between import settle_between

# Rows: what the old picture shows, and the new one. Columns: blank, a, b.
START = np.array([[0, 1, 0], [1, 0, 0]], np.float32)  # reads a, and nothing
END = np.array([[0, 0, 0.8], [0, 0, 2]], np.float32)  # reads b twice: the old picture is forgotten
OLD, NEW = (Samples([text], [text], np.eye(2, dtype=np.uint8)[[[row]]]) for row, text in enumerate("ab"))


def fitted() -> keras.Model:
    network = keras.Sequential([keras.Input((1, 2)), keras.layers.Dense(3, use_bias=False)])
    network.set_weights([END])
    return network


def test_the_smallest_share_that_reads_the_new_picture_keeps_the_old_one() -> None:
    network = fitted()
    chosen = settle_between(network, [START], NEW, NEW, Codec("ab"))
    assert (chosen.share, chosen.val_cer, chosen.val_exact_match) == (0.5, 0.0, 1.0)
    np.testing.assert_array_equal(network.get_weights()[0], (START + END) / 2)


def test_what_the_end_alone_reads_is_not_given_up() -> None:
    only_at_the_end = Samples(["b"], ["b"], OLD.inputs)
    assert settle_between(fitted(), [START], only_at_the_end, NEW, Codec("ab")).share == 0.75
