"""What is minimised: CTC, and for the first epochs an aid that leads it off the all-blank plateau."""

from typing import Any

from keras import ops

from captcha_ocr.ctc.codec import BLANK


def label_lengths(labels: Any) -> Any:
    """[N]: symbols in each row of labels [N, L], up to the first blank, which no label holds; the rest is padding."""
    return ops.sum(ops.cumprod(ops.cast(ops.not_equal(labels, BLANK), "int32"), axis=1), axis=1)


def ctc_loss(labels: Any, logits: Any) -> Any:
    """[N]: -log p(label | picture) (Graves et al. 2006) of padded labels [N, L] under logits [N, T, K]."""
    labels = ops.cast(labels, "int32")
    steps = ops.full_like(label_lengths(labels), logits.shape[1])
    return ops.ctc_loss(labels, logits, label_lengths(labels), steps, mask_index=BLANK)


def uniform_alignment_loss(labels: Any, logits: Any, shown: Any = None) -> Any:
    """[N]: cross entropy against labels spread evenly over the time steps, a symbol's mean step counted once.

    Symbols in a line of text are roughly evenly spaced, so this wrong but close alignment teaches the network what
    symbols look like within one epoch, where CTC alone may emit nothing but blanks for many.

    `shown` [N, T] tells which time steps show the picture (`own_steps`): labels are spread over these. None: all do.
    """
    steps = logits.shape[1]
    labels = ops.cast(labels, "int32")
    lengths = label_lengths(labels)
    used = ops.ones((1, steps), "int32") if shown is None else ops.cast(shown, "int32")
    count = ops.sum(used, axis=1, keepdims=True)
    # Of the steps used, step t belongs to symbol floor(t * length / their count).
    owner = ops.expand_dims(lengths, 1) * (ops.cumsum(used, axis=1) - 1) // count  # [N, T]
    targets = ops.take_along_axis(labels, owner, axis=1)
    log_probs = ops.log_softmax(logits, axis=-1)
    chosen = ops.take_along_axis(log_probs, ops.expand_dims(targets, 2), axis=2)[:, :, 0]
    weights = ops.cast(used, logits.dtype) * (steps / ops.cast(count, logits.dtype))  # their mean is 1
    return -ops.mean(chosen * weights, axis=1) * ops.cast(lengths, logits.dtype)
