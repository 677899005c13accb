"""The epochs: fit, read the validation split, keep the best, resume where a killed fit stopped."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import keras
import numpy as np

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.batches import epoch_batches
from captcha_ocr.train.checkpoint import Arrays, Checkpoint, FitState
from captcha_ocr.train.ctc_model import CtcModel
from captcha_ocr.train.forecast import Forecast
from captcha_ocr.train.optimizer import check_finite
from captcha_ocr.train.schedule import alignment_weight, augmentation_share, reduced_rate, steps_per_epoch
from captcha_ocr.train.shown_batches import shown_batches
from captcha_ocr.train.stopping import best_epoch, check_progress, should_stop
from captcha_ocr.train.trapezoid import Losses, fall_start, last_epoch, rate
from captcha_ocr.train.validating import validate, validated

# Told of each epoch; a true answer ends the fit.
Observer = Callable[[Epoch], bool | None]


def _snapshot(variables: Sequence[keras.Variable]) -> Arrays:
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables: Sequence[keras.Variable], arrays: Arrays) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _fall_start(history: Sequence[Epoch], losses: Losses, params: TrainParams) -> int | None:
    """The epoch with which the rate of a trapezoid begins to fall."""
    if params.schedule != "trapezoid":
        return None
    return fall_start(losses, [epoch.val_cer for epoch in history], params)


def _rates(epoch: int, steps: int, start: int | None, params: TrainParams) -> Iterator[float | None]:
    """The learning rate to set before each step of an epoch; None where the optimiser has its own."""
    for step in range(epoch * steps, (epoch + 1) * steps):
        yield rate(step, steps, start, params) if params.schedule == "trapezoid" else None


def _fit_epoch(
    model: CtcModel, train: Samples, codec: Codec, params: TrainParams, epoch: int, rates: Iterator[float | None]
) -> float:
    """One epoch; the mean loss."""
    labels = codec.encode_batch(train.labels)
    model.alignment_weight.assign(alignment_weight(epoch, params))
    model.augmentation.share.assign(augmentation_share(epoch, params))
    # Not Keras's `fit`: on TensorFlow it builds an input pipeline at each call, whose end may wait for a whole second.
    rows, losses = epoch_batches(len(train.labels), params, epoch), []
    forecast = Forecast(len(train.labels), params) if epoch == 0 else None
    for pictures, batch, value in zip(shown_batches(train, rows, params, epoch), rows, rates, strict=True):
        if value is not None:
            model.optimizer.learning_rate = value
        losses.append(model.train_on_batch(pictures, labels[batch]))
        if forecast:
            forecast.count()
    model.optimizer.finalize_variable_values(model.trainable_variables)
    if params.ema:
        # On JAX a weight and its average are one array now, and the next step refuses to be given it twice.
        for weight in model.trainable_variables:
            weight.assign(keras.ops.copy(weight))
    return float(np.mean(losses))


def _is_over(history: Sequence[Epoch], losses: Losses, params: TrainParams) -> bool:
    """Whether epochs or patience are used up, or the rate of a trapezoid has fallen to zero."""
    start = _fall_start(history, losses, params)
    return should_stop(history, params) or (start is not None and len(history) >= last_epoch(start))


def _resumed(model: CtcModel, checkpoint: Checkpoint | None, pictures: int) -> tuple[list[Epoch], Arrays, Losses]:
    """The epochs so far, the best weights, and the losses of so many validation `pictures` after each epoch."""
    state = checkpoint.load() if checkpoint else None
    if state is None:
        return [], [], np.empty((0, pictures))
    _assign(model.state, state.variables)
    print(f"resuming after epoch {len(state.history)}", flush=True)
    return [Epoch(**row) for row in state.history], state.best, state.losses


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
    read, steps = validated(validation, params.seed), steps_per_epoch(len(train.labels), params)
    history, best, losses = _resumed(model, checkpoint, len(read.labels))
    started = time.perf_counter() - (history[-1].seconds if history else 0)
    while not _is_over(history, losses, params):
        if params.reduce_patience:
            model.optimizer.learning_rate = reduced_rate(history, params)
        epoch = len(history)
        rates = _rates(epoch, steps, _fall_start(history, losses, params), params)
        loss = _fit_epoch(model, train, codec, params, epoch, rates)
        found = validate(model.network, read, codec)
        losses = np.concatenate([losses, found.losses[None]])
        row = Epoch(
            epoch=epoch + 1,
            pictures=(epoch + 1) * steps * params.batch_size,
            loss=loss,
            val_loss=float(found.losses.mean()),
            val_cer=found.cer,
            val_exact_match=found.exact_match,
            learning_rate=float(keras.ops.convert_to_numpy(model.optimizer.learning_rate)),
            seconds=round(time.perf_counter() - started, 3),
        )
        history.append(row)
        check_progress(history, params)
        check_finite(model.state, row.epoch, params)
        if best_epoch(history, params.monitor) is row:
            best = _snapshot(model.network.variables)
        # Saved first: an epoch that the observer has heard of is never fitted again, with another clock.
        if checkpoint:
            checkpoint.save(FitState(_snapshot(model.state), best, [asdict(r) for r in history], losses))
        if observer(row):
            break
    _assign(model.network.variables, best)
    return history
