"""Which part of a padded picture is the picture itself: what train.fit: pad added to it teaches nothing."""

from typing import Any

from keras import ops

from captcha_ocr.pictures.input_size import Lines


def own_columns(pictures: Any) -> Any:
    """[N]: the columns of each picture [N, H, W, C] up to the last that differs from the rightmost; at least 1.

    Padding is at the right and of one colour. Where there is none, columns of the ground behind the text do not count.
    """
    differs = ops.any(ops.not_equal(pictures, pictures[:, :, -1:, :]), axis=(1, 3))  # [N, W]
    numbers = ops.arange(1, pictures.shape[2] + 1, dtype="int32")
    return ops.maximum(ops.max(ops.where(differs, numbers, 0), axis=1), 1)


def own_steps(pictures: Any, steps: int, lines: Lines) -> Any:
    """[N, T]: whether a time step, of T = `steps`, shows the picture and not padding; each line has T / lines steps."""
    of_line, width = steps // lines, pictures.shape[2]
    places = ops.arange(steps, dtype="int32") % of_line
    return ops.expand_dims(places * width, 0) < ops.expand_dims(own_columns(pictures) * of_line, 1)
