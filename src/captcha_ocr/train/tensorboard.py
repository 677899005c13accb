"""The epochs as TensorBoard event files, for those who follow fits there.

Imports TensorFlow, on whichever backend Keras runs.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import tensorflow as tf

from captcha_ocr.train.stopping import Epoch

# `tf.summary.scalar` writes the same, but through the package `tensorboard`, which writing does not need otherwise.
_SCALAR = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": "scalars"}, data_class="DATA_CLASS_SCALAR")


@contextmanager
def event_writer(folder: Path) -> Iterator[Callable[[Epoch], None]]:
    """Yields what writes one epoch's figures, with the epoch as step, into event files of `folder`."""
    writer = tf.summary.create_file_writer(str(folder))

    def write(epoch: Epoch) -> None:
        with writer.as_default(step=epoch.epoch):
            for name, value in asdict(epoch).items():
                if name != "epoch":
                    tf.summary.write(name, tf.constant(value, tf.float32), metadata=_SCALAR)
        writer.flush()

    try:
        yield write
    finally:
        writer.close()
