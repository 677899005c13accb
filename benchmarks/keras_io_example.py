"""The Keras example "OCR model for reading captchas" as its own script trains it: the peer of the benchmarks.

What differs from this project's way of fitting is part of that recipe: a softmax inside the network and its
logarithm (plus epsilon) in the loss, TensorFlow's classic CTC kernel, batches of 16 in the same order in every epoch,
Adam with its defaults, and Keras's own choice of compilation. The example's early stopping on the validation loss is
left out: where it strikes on the plateau, the example never reads anything.
"""

import time
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.network.architectures import keras_io
from captcha_ocr.network.samples import Samples
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.scoring.metrics import character_error_rate, exact_match

EPOCHS, BATCH = 100, 16
LEARNING_RATE = 1e-3


def classic_ctc(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
    """Keras's former `ctc_batch_cost`, blank last, for labels of one length counted from 0."""
    log_probs = ops.log(ops.transpose(probabilities, (1, 0, 2)) + keras.backend.epsilon())
    batch, length = ops.shape(labels)
    rows, columns = ops.meshgrid(ops.arange(batch), ops.arange(length), indexing="ij")
    indices = ops.stack([ops.reshape(rows, (-1,)), ops.reshape(columns, (-1,))], axis=1)
    sparse = tf.SparseTensor(ops.cast(indices, "int64"), ops.cast(ops.reshape(labels, (-1,)), "int32"), (batch, length))
    steps = ops.full((batch,), ops.shape(probabilities)[1], dtype="int32")
    return tf.compat.v1.nn.ctc_loss(inputs=log_probs, labels=sparse, sequence_length=steps)


def fit(
    training: Samples,
    validation: Samples,
    codec: Codec,
    input_size: InputSize,
    seed: int,
    done: Callable[[Epoch], bool],
) -> list[Epoch]:
    """Fits until `done` says so, or 100 epochs are over; the pictures' order is shuffled once."""
    keras.utils.set_random_seed(seed)
    network = keras_io.build(input_size, codec.classes)
    model = keras.Sequential([network, keras.layers.Softmax()])
    model.compile(optimizer=keras.optimizers.Adam(LEARNING_RATE), loss=classic_ctc)
    order = np.random.default_rng(seed).permutation(len(training.labels))
    # Our codec puts the blank first, the classic kernel last: rolling the outputs by one translates.
    inputs, labels = training.inputs[order], codec.encode_batch(training.labels)[order] - 1
    data = tf.data.Dataset.from_tensor_slices((inputs, labels)).batch(BATCH).prefetch(tf.data.AUTOTUNE)
    history: list[Epoch] = []
    started = time.perf_counter()
    while len(history) < EPOCHS and not (history and done(history[-1])):
        loss = model.fit(data, epochs=1, verbose=0).history["loss"][0]
        texts = greedy_decode(np.roll(model.predict(validation.inputs, verbose=0), 1, axis=-1), codec)
        cer, exact = character_error_rate(validation.labels, texts), exact_match(validation.labels, texts)
        seconds, epoch = round(time.perf_counter() - started, 3), len(history) + 1
        shown = epoch * len(training.labels)
        history.append(Epoch(epoch, shown, float(loss), float("nan"), cer, exact, LEARNING_RATE, seconds))
    return history
