"""Turns a feature map into a sequence."""

from typing import Any

from keras import layers

from captcha_ocr.pictures.input_size import Lines


def _in_one_line(x: Any) -> Any:
    """From [N, W, H, C] to [N, 2 × W, ⌈H / 2⌉, C]: the upper half of the rows, then the lower half.

    The middle row of an odd number of rows belongs to both halves. Raises ValueError where there is but one row.
    """
    cut = x.shape[2] // 2
    if not cut:
        raise ValueError("of two lines of text, one row of features remains: each line needs its own")
    upper, lower = layers.Cropping2D(((0, 0), (0, cut)))(x), layers.Cropping2D(((0, 0), (cut, 0)))(x)
    return layers.Concatenate(axis=1)([upper, lower])


def fold_columns(x: Any, lines: Lines = 1) -> Any:
    """Reshapes [N, W, H, C] to [N, W, H × C]; two lines of text become one sequence, [N, 2 × W, ⌈H / 2⌉ × C].

    Raises ValueError where two lines have but one row.
    """
    if lines == 2:
        x = _in_one_line(x)
    return layers.Reshape((x.shape[1], x.shape[2] * x.shape[3]))(x)


def fold_height(x: Any, lines: Lines = 1) -> Any:
    """Reshapes [N, H, W, C] to [N, W, H × C]: columns become time steps; two lines as `fold_columns` has them."""
    return fold_columns(layers.Permute((2, 1, 3))(x), lines)
