"""What a fit starts from: random weights, those that are shipped, or a network that `locate` has copied."""

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.run_record import FitRecord, PretrainedWeights
from captcha_ocr.artifacts.start import NETWORK, Start
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.network.architectures import build_network
from captcha_ocr.network.model_file import load_network
from captcha_ocr.params.recipe import TrainParams
from captcha_ocr.train.pretrained import NamedWeights, copy_shipped_weights, copy_weights, weights_in, weights_of


def _found(source: str, folder: Path) -> Start:
    """What lies in `folder`; raises CaptchaOcrError if it is not of `source`, or not whole."""
    start = Start.read_from(folder)
    if start.source != source or not start.file or sha256_of(folder / start.file) != start.sha256:
        raise CaptchaOcrError(
            f"{folder} does not hold what train.pretrained names, {source!r}: run `dvc repro locate`, which copies it"
        )
    return start


def _weights(start: Start, folder: Path) -> NamedWeights:
    if start.file == NETWORK:
        return weights_of(load_network(folder / start.file), start.alphabet or "", str(start))
    stored = weights_in(folder / start.file)
    return NamedWeights(str(start), stored.symbols, stored.weights)


def _remedy(start: Start, architecture: str) -> str:
    """How a network gets weights that fit."""
    if start.architecture not in (None, architecture):
        return f"They are of {start.architecture}: set train.architecture to that, or train.pretrained to false"
    return "Set train.architecture to that of the weights, or train.pretrained to false"


def copy_named_start(
    network: keras.Model, codec: Codec, source: str, architecture: str, folder: Path
) -> PretrainedWeights:
    """Copies the weights of the network `source`, which `locate` has put into `folder`.

    Raises CaptchaOcrError where `folder` holds another one, and as `copy_weights` does.
    """
    start = _found(source, folder)
    copied = copy_weights(network, codec, _weights(start, folder), _remedy(start, architecture))
    return copied.model_copy(update={"source": str(start), "sha256": start.sha256})


def copy_start(network: keras.Model, codec: Codec, params: TrainParams, folder: Path) -> PretrainedWeights | None:
    """Copies into `network` what `params.pretrained` names, and prints it unless all of it is as it was shipped.

    None where it is to stay random. Raises CaptchaOcrError as `copy_named_start` and `copy_shipped_weights` do.
    """
    if not params.pretrained:
        return None
    if params.pretrained is True:
        copied = copy_shipped_weights(network, codec, params.architecture)
    else:
        copied = copy_named_start(network, codec, params.pretrained, params.architecture, folder)
    if copied.sha256 or copied.resized or copied.new_symbols:
        print(f"starting from {copied.sentence()}", flush=True)
    return copied


def weights_before(network: keras.Model, codec: Codec, params: TrainParams, folder: Path) -> list[NDArray[np.float32]]:
    """Those that the fit of `network` started from, in the order of its weights; `params` must name a network.

    What the named network did not know, the columns of new symbols, is as it is now. `network` is left as it is.
    Raises CaptchaOcrError as `copy_named_start` does.
    """
    fitted = network.get_weights()
    copy_named_start(network, codec, str(params.pretrained), params.architecture, folder)
    before = network.get_weights()
    network.set_weights(fitted)
    return before


def starting_network(record: FitRecord, folder: Path) -> keras.Model | None:
    """The network as a fit found it that started from a named one; None for another fit.

    Raises CaptchaOcrError as `copy_named_start` does.
    """
    source, codec = record.train.pretrained, Codec(record.alphabet)
    if not isinstance(source, str):
        return None
    network = build_network(record.architecture, record.input_size, codec.classes)
    copy_named_start(network, codec, source, record.architecture, folder)
    return network
