"""From samples and parameters to a fitted network, and a record of how it was fitted."""

from dataclasses import dataclass
from pathlib import Path

import keras

from captcha_ocr.artifacts.history import Epoch
from captcha_ocr.artifacts.run_record import FitRecord, SplitSizes
from captcha_ocr.artifacts.start import FOLDER
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.time_steps import time_steps_needed
from captcha_ocr.network.architectures import build_network
from captcha_ocr.network.samples import Samples
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.between import Between, settle_between
from captcha_ocr.train.calibration import calibrate
from captcha_ocr.train.checkpoint import Checkpoint
from captcha_ocr.train.ctc_model import build_ctc_model
from captcha_ocr.train.device import choose_device
from captcha_ocr.train.epoch_loop import Observer, fit
from captcha_ocr.train.schedule import steps_per_epoch
from captcha_ocr.train.start import copy_start, weights_before
from captcha_ocr.train.stopping import best_epoch


@dataclass(frozen=True)
class FittedNetwork:
    """A network with the weights of its best epoch, all epochs, and the record of the fit."""

    network: keras.Model
    history: list[Epoch]
    record: FitRecord


def check_labels_fit(samples: Samples, time_steps: int) -> None:
    """Raises CaptchaOcrError naming the labels that `time_steps` cannot emit, and how many each needs."""
    needs = {file: time_steps_needed(label) for file, label in zip(samples.files, samples.labels, strict=True)}
    too_long = [f"{file} ({need})" for file, need in needs.items() if need > time_steps]
    if too_long:
        raise CaptchaOcrError(
            f"labels that do not fit into the network's {time_steps} time steps, with the steps each needs: "
            f"{listed(too_long)}. Raise train.width, or remove them"
        )


def _in_float32(network: keras.Model, params: TrainParams, codec: Codec) -> keras.Model:
    """The same weights in a network that computes in float32, so that no reader depends on the training device."""
    keras.config.set_dtype_policy("float32")
    copy = build_network(params.architecture, params.input_size, codec.classes)
    copy.set_weights(network.get_weights())
    return copy


def train(
    training: Samples,
    validation: Samples,
    codec: Codec,
    params: TrainParams,
    observer: Observer,
    checkpoint: Checkpoint | None = None,
    start: Path = FOLDER,
) -> FittedNetwork:
    """Builds, fits and calibrates the network of `params.architecture`; seeded throughout.

    `observer` is told of each epoch. With a checkpoint, resumes from the state found there. `start` is the folder with
    the network that `params.pretrained` may name. Raises CaptchaOcrError where a label or the weights to start from do
    not fit, and as `fit` does.
    """
    keras.utils.set_random_seed(params.seed)
    device = choose_device(params)
    keras.config.set_dtype_policy(device.precision)
    network = build_network(params.architecture, params.input_size, codec.classes)
    for samples in (training, validation):
        check_labels_fit(samples, network.output_shape[1])
    pretrained = copy_start(network, codec, params, start)
    model = build_ctc_model(network, params, steps_per_epoch(len(training.labels), params), device.jit_compile)
    history = fit(model, training, validation, codec, params, observer, checkpoint)
    best = best_epoch(history, params.monitor)
    ended = Between(1.0, best.val_cer, best.val_exact_match)
    if isinstance(params.pretrained, str):
        ended = settle_between(network, weights_before(network, codec, params, start), training, validation, codec)
    if device.precision != "float32":
        network = _in_float32(network, params, codec)
    calibration = calibrate(network, validation, codec)
    record = FitRecord(
        alphabet=codec.alphabet,
        architecture=params.architecture,
        train=params,
        input_size=params.input_size,
        time_steps=network.output_shape[1],
        parameters=network.count_params(),
        best_epoch=best.epoch,
        epochs=len(history),
        val_cer=ended.val_cer,
        val_exact_match=ended.val_exact_match,
        share_of_fit=ended.share,
        seconds=history[-1].seconds,
        device=device,
        pretrained_weights=pretrained,
        samples=SplitSizes(train=len(training.labels), validation=len(validation.labels)),
        temperature=calibration.temperature,
        confidence_threshold=calibration.confidence_threshold,
    )
    return FittedNetwork(network, history, record)
