import numpy as np
from keras import ops

from captcha_ocr.network.padding import own_columns, own_steps
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input

PAD = InputSize(60, 20, fit="pad")


def pictures(*widths: int) -> np.ndarray:
    """Of random pixels, padded to 60 × 20."""
    rng = np.random.default_rng(0)
    return np.stack([to_input(rng.integers(0, 256, (20, width, 1)).astype(np.uint8), PAD) for width in widths])


def test_columns_are_counted_up_to_the_padding() -> None:
    np.testing.assert_array_equal(ops.convert_to_numpy(own_columns(pictures(12, 30, 59))), [12, 30, 59])


def test_a_picture_without_padding_loses_its_ground_at_most() -> None:
    assert ops.convert_to_numpy(own_columns(pictures(60)))[0] >= 59
    assert ops.convert_to_numpy(own_columns(np.full((1, 20, 60, 1), 9, np.uint8)))[0] == 1


def test_a_time_step_counts_if_the_picture_reaches_into_it() -> None:
    shown = ops.convert_to_numpy(own_steps(pictures(12, 31), steps=6, lines=1))
    np.testing.assert_array_equal(shown.astype(int), [[1, 1, 0, 0, 0, 0], [1, 1, 1, 1, 0, 0]])


def test_each_of_two_lines_has_its_own_padding() -> None:
    (shown,) = ops.convert_to_numpy(own_steps(pictures(20), steps=6, lines=2))
    np.testing.assert_array_equal(shown.astype(int), [1, 0, 0, 1, 0, 0])
