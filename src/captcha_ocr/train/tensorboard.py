"""The epochs as TensorBoard event files, for those who follow fits there.

Imports TensorFlow, on whichever backend Keras runs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import tensorflow as tf

from captcha_ocr.artifacts.history import Epoch


@contextmanager
def event_writer(folder: Path) -> Iterator[Callable[[Epoch], None]]:
    """Yields a function that writes the metrics of an epoch, with the epoch as step, into event files of `folder`."""
    writer = tf.summary.create_file_writer(str(folder))

    def write(epoch: Epoch) -> None:
        with writer.as_default(step=epoch.epoch):
            for name, value in epoch.metrics().items():
                tf.summary.scalar(name, value)
        writer.flush()

    try:
        yield write
    finally:
        writer.close()
