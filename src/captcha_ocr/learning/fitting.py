"""The epochs: fit, read the validation split, keep the best, know when to stop and when something is wrong."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import keras
import numpy as np

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.ctc import greedy_decode
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.metrics import character_error_rate, exact_match
from captcha_ocr.core.params import TrainParams
from captcha_ocr.data.samples import Samples
from captcha_ocr.learning.checkpoint import Arrays, Checkpoint, FitState
from captcha_ocr.learning.loss import ctc_loss
from captcha_ocr.learning.trainer import CtcTrainer, alignment_weight

READ_BATCH = 128
# A network that emits blanks, or one symbol for all pictures, has a CER of about 0.9 and above.
PLATEAU_CER = 0.8


@dataclass(frozen=True)
class Epoch:
    """One row of the history; validation figures are of the whole split, by decoded strings."""

    epoch: int
    loss: float
    val_loss: float
    val_cer: float
    val_exact_match: float
    learning_rate: float
    seconds: float


Observer = Callable[[Epoch], None]


def read_logits(network: keras.Model, samples: Samples) -> np.ndarray:
    """Logits [N, T, K] of all samples, outside training."""
    return np.asarray(network.predict(samples.inputs, batch_size=READ_BATCH, verbose=0), dtype=np.float32)


def _validate(network: keras.Model, samples: Samples, codec: Codec) -> tuple[float, float, float]:
    """Mean loss, CER and exact match."""
    logits = read_logits(network, samples)
    losses = keras.ops.convert_to_numpy(ctc_loss(codec.encode_batch(samples.labels), logits))
    texts = greedy_decode(logits, codec)
    return float(losses.mean()), character_error_rate(samples.labels, texts), exact_match(samples.labels, texts)


def _rank(epoch: Epoch) -> tuple[float, float]:
    """Smaller is better: validation CER, then the loss where CERs are equal."""
    return epoch.val_cer, epoch.val_loss


def _should_stop(history: Sequence[Epoch], patience: int) -> bool:
    """No epoch of the last `patience` had a lower validation CER than all before."""
    lowest = min(range(len(history)), key=lambda i: history[i].val_cer)
    return len(history) - 1 - lowest >= patience


def check_progress(history: Sequence[Epoch], params: TrainParams) -> None:
    """Raises CaptchaOcrError for a loss that is not finite, and for a fit that stays on the all-blank plateau."""
    last = history[-1]
    if not math.isfinite(last.loss) or not math.isfinite(last.val_loss):
        raise CaptchaOcrError(
            f"epoch {last.epoch}: the loss is {last.loss}, on validation {last.val_loss}: lower train.learning_rate "
            f"(now {params.learning_rate}) or train.clip_norm (now {params.clip_norm}), or set train.precision to float32"
        )
    lowest = min(epoch.val_cer for epoch in history)
    if params.plateau_epochs and len(history) >= params.plateau_epochs and lowest > PLATEAU_CER:
        raise CaptchaOcrError(
            f"after {len(history)} epochs the network still reads nothing (validation CER {lowest:.0%}): it is on the "
            "all-blank plateau of CTC. Raise train.alignment_epochs, lower train.augmentation or train.learning_rate, "
            "add pictures, or raise train.plateau_epochs to wait longer"
        )


def _state_variables(trainer: CtcTrainer) -> list[keras.Variable]:
    return [*trainer.variables, *trainer.optimizer.variables]


def _snapshot(variables: Sequence[keras.Variable]) -> Arrays:
    return [np.array(keras.ops.convert_to_numpy(variable)) for variable in variables]


def _assign(variables: Sequence[keras.Variable], arrays: Arrays) -> None:
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _fit_epoch(trainer: CtcTrainer, train: Samples, codec: Codec, params: TrainParams, epoch: int) -> float:
    """One pass in an order that depends on seed and epoch alone; the mean loss."""
    order = np.random.default_rng((params.seed, epoch)).permutation(len(train.labels))
    labels = codec.encode_batch(train.labels)
    trainer.alignment_weight.assign(alignment_weight(epoch, params))
    logs = trainer.fit(
        train.inputs[order], labels[order], batch_size=params.batch_size, epochs=1, shuffle=False, verbose=0
    )
    return float(logs.history["loss"][0])


def fit(
    trainer: CtcTrainer,
    train: Samples,
    validation: Samples,
    codec: Codec,
    params: TrainParams,
    observer: Observer,
    checkpoint: Checkpoint | None = None,
    stop: Callable[[Epoch], bool] = lambda epoch: False,
) -> list[Epoch]:
    """Fits until the epochs, the patience or `stop` end it; leaves the best weights in `trainer.network`.

    An epoch's `seconds` count from the start of fitting, compilation and validation included. With a checkpoint,
    goes on from the state found there. Raises CaptchaOcrError as `check_progress` does.
    """
    history: list[Epoch] = []
    best: Arrays = []
    if checkpoint and (state := checkpoint.load()):
        _assign(_state_variables(trainer), state.variables)
        best, history = state.best, [Epoch(**row) for row in state.history]
    started = time.perf_counter() - (history[-1].seconds if history else 0)
    while len(history) < params.epochs and not (history and _should_stop(history, params.patience)):
        loss = _fit_epoch(trainer, train, codec, params, len(history))
        val_loss, val_cer, val_exact_match = _validate(trainer.network, validation, codec)
        rate = float(keras.ops.convert_to_numpy(trainer.optimizer.learning_rate))
        seconds = round(time.perf_counter() - started, 3)
        row = Epoch(len(history) + 1, loss, val_loss, val_cer, val_exact_match, rate, seconds)
        if not history or _rank(row) < min(map(_rank, history)):
            best = _snapshot(trainer.network.variables)
        history.append(row)
        check_progress(history, params)
        observer(row)
        if checkpoint:
            checkpoint.save(FitState(_snapshot(_state_variables(trainer)), best, [asdict(r) for r in history]))
        if stop(row):
            break
    _assign(trainer.network.variables, best)
    return history
