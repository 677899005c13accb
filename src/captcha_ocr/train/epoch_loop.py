"""The epochs: fit, read the validation split, keep the best, go on where a killed fit stopped."""

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
from captcha_ocr.train.ctc_model import CtcTrainer, alignment_weight, augmentation_share
from captcha_ocr.train.optimizer import check_steps
from captcha_ocr.train.stopping import best_epoch, check_progress, rate_reductions, should_stop

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


def _state_variables(trainer: CtcTrainer) -> list[keras.Variable]:
    return [*trainer.variables, *trainer.optimizer.variables]


def _snapshot(variables: Sequence[keras.Variable]) -> Arrays:
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables: Sequence[keras.Variable], arrays: Arrays) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _fit_epoch(trainer: CtcTrainer, train: Samples, codec: Codec, params: TrainParams, epoch: int) -> float:
    """One epoch; the mean loss."""
    labels = codec.encode_batch(train.labels)
    trainer.alignment_weight.assign(alignment_weight(epoch, params))
    trainer.augmentation.share.assign(augmentation_share(epoch, params))
    # Not Keras's `fit`: on TensorFlow it builds an input pipeline at each call, whose end may wait for a whole second.
    rows = epoch_batches(len(train.labels), params, epoch)
    losses = [trainer.train_on_batch(train.inputs[batch], labels[batch]) for batch in rows]
    trainer.optimizer.finalize_variable_values(trainer.trainable_variables)
    return float(np.mean(losses))


def fit(
    trainer: CtcTrainer,
    train: Samples,
    validation: Samples,
    codec: Codec,
    params: TrainParams,
    observer: Observer,
    checkpoint: Checkpoint | None = None,
) -> list[Epoch]:
    """Fits until the epochs, the patience or `observer` end it; leaves the best epoch's weights in `trainer.network`.

    With a checkpoint, goes on from the state found there. Raises CaptchaOcrError as `check_progress` does, and
    whatever `observer` raises.
    """
    history: list[Epoch] = []
    best: Arrays = []
    if checkpoint and (state := checkpoint.load()):
        _assign(_state_variables(trainer), state.variables)
        best, history = state.best, [Epoch(**row) for row in state.history]
        print(f"going on after epoch {len(history)}", flush=True)
    started = time.perf_counter() - (history[-1].seconds if history else 0)
    while not should_stop(history, params):
        if params.reduce_patience:
            reduced = params.learning_rate * params.reduce_factor ** rate_reductions(history, params)
            trainer.optimizer.learning_rate = reduced
        loss = _fit_epoch(trainer, train, codec, params, len(history))
        figures = _validate(trainer.network, validation, codec)
        rate = float(keras.ops.convert_to_numpy(trainer.optimizer.learning_rate))
        row = Epoch(len(history) + 1, loss, *figures, rate, round(time.perf_counter() - started, 3))
        history.append(row)
        check_progress(history, params)
        check_steps(trainer.optimizer, row.epoch)
        if best_epoch(history, params.monitor) is row:
            best = _snapshot(trainer.network.variables)
        # Saved first: an epoch that the observer has heard of is never fitted again, with another clock.
        if checkpoint:
            checkpoint.save(FitState(_snapshot(_state_variables(trainer)), best, [asdict(r) for r in history]))
        if observer(row):
            break
    _assign(trainer.network.variables, best)
    return history
