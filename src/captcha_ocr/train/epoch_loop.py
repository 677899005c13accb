"""The epochs: fit, read the validation split, keep the best, resume where a killed fit stopped."""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

import keras
import numpy as np

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import greedy_decode
from captcha_ocr.ctc.likelihood import label_log_probabilities, log_softmax
from captcha_ocr.network.reading import read_logits
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.scoring.metrics import character_error_rate, exact_match
from captcha_ocr.train.batches import epoch_batches
from captcha_ocr.train.checkpoint import Arrays, Checkpoint, FitState
from captcha_ocr.train.ctc_model import CtcModel
from captcha_ocr.train.optimizer import check_finite
from captcha_ocr.train.schedule import alignment_weight, augmentation_share, reduced_rate
from captcha_ocr.train.stopping import best_epoch, check_progress, should_stop

# Told of each epoch; a true answer ends the fit.
Observer = Callable[[Epoch], bool | None]


def _validate(network: keras.Model, samples: Samples, codec: Codec) -> tuple[float, float, float]:
    """Mean CTC loss, CER and exact match."""
    logits = read_logits(network, samples.inputs)
    log_likelihoods = label_log_probabilities(log_softmax(logits), codec.encode_batch(samples.labels))
    texts = greedy_decode(logits, codec)
    return (
        -float(log_likelihoods.mean()),
        character_error_rate(samples.labels, texts),
        exact_match(samples.labels, texts),
    )


def _snapshot(variables: Sequence[keras.Variable]) -> Arrays:
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables: Sequence[keras.Variable], arrays: Arrays) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _fit_epoch(model: CtcModel, train: Samples, codec: Codec, params: TrainParams, epoch: int) -> float:
    """One epoch; the mean loss."""
    labels = codec.encode_batch(train.labels)
    model.alignment_weight.assign(alignment_weight(epoch, params))
    model.augmentation.share.assign(augmentation_share(epoch, params))
    # Not Keras's `fit`: on TensorFlow it builds an input pipeline at each call, whose end may wait for a whole second.
    rows = epoch_batches(len(train.labels), params, epoch)
    losses = [model.train_on_batch(train.inputs[batch], labels[batch]) for batch in rows]
    model.optimizer.finalize_variable_values(model.trainable_variables)
    if params.ema:
        # On JAX a weight and its average are one array now, and the next step refuses to be given it twice.
        for weight in model.trainable_variables:
            weight.assign(keras.ops.copy(weight))
    return float(np.mean(losses))


def fit(
    model: CtcModel,
    train: Samples,
    validation: Samples,
    codec: Codec,
    params: TrainParams,
    observer: Observer,
    checkpoint: Checkpoint | None = None,
) -> list[Epoch]:
    """Fits until the epochs, the patience or `observer` end it; leaves the best epoch's weights in `model.network`.

    With a checkpoint, resumes from the state found there. Raises CaptchaOcrError as `check_progress` and
    `check_finite` do, and whatever `observer` raises.
    """
    history: list[Epoch] = []
    best: Arrays = []
    if checkpoint and (state := checkpoint.load()):
        _assign(model.state, state.variables)
        best, history = state.best, [Epoch(**row) for row in state.history]
        print(f"resuming after epoch {len(history)}", flush=True)
    started = time.perf_counter() - (history[-1].seconds if history else 0)
    while not should_stop(history, params):
        if params.reduce_patience:
            model.optimizer.learning_rate = reduced_rate(history, params)
        loss = _fit_epoch(model, train, codec, params, len(history))
        validation_metrics = _validate(model.network, validation, codec)
        rate = float(keras.ops.convert_to_numpy(model.optimizer.learning_rate))
        row = Epoch(len(history) + 1, loss, *validation_metrics, rate, round(time.perf_counter() - started, 3))
        history.append(row)
        check_progress(history, params)
        check_finite(model.state, row.epoch, params)
        if best_epoch(history, params.monitor) is row:
            best = _snapshot(model.network.variables)
        # Saved first: an epoch that the observer has heard of is never fitted again, with another clock.
        if checkpoint:
            checkpoint.save(FitState(_snapshot(model.state), best, [asdict(r) for r in history]))
        if observer(row):
            break
    _assign(model.network.variables, best)
    return history
