"""Pretrained weights, shipped with the package or of another network, resized to the network that takes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.artifacts.run_record import PretrainedWeights
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import NPZ_DAMAGE, replacing
from captcha_ocr.ctc.codec import BLANK, Codec

CLASSIFIER = "logits"
_ALPHABET = "alphabet"
REMEDY = "Set train.pretrained to false"
Array = NDArray[Any]


@dataclass(frozen=True)
class NamedWeights:
    """The weights of a network by their places in it, and the symbols of its classifier; `name` is for messages."""

    name: str
    symbols: str
    weights: Mapping[str, Array]


def weights_file(architecture: str) -> Path:
    """Where the package keeps the pretrained weights of an architecture."""
    return Path(__file__).parent / "weights" / f"{architecture}.npz"


def copy_shipped_weights(network: keras.Model, codec: Codec, architecture: str) -> PretrainedWeights:
    """Copies the weights shipped for `architecture`; raises CaptchaOcrError where there are none that fit."""
    path = weights_file(architecture)
    if not path.exists():
        raise CaptchaOcrError(f"no pretrained weights are shipped for {architecture}: set train.pretrained to false")
    return load_pretrained_weights(network, codec, path)


def shipped_codec(architecture: str) -> Codec:
    """The symbols that the weights shipped for an architecture were learnt on."""
    with np.load(weights_file(architecture), allow_pickle=False) as file:
        return Codec(str(file[_ALPHABET]))


def _named(network: keras.Model) -> dict[str, keras.Variable]:
    """Each weight by its place: the classifier's by its name, the others by their layer's rank among its kind.

    Keras numbers the layers of a process through, so that a name as such differs from one network to the next.
    """
    named: dict[str, keras.Variable] = {}
    ranks: dict[str, int] = {}
    for layer in network.layers:
        kind = type(layer).__name__.lower()
        ranks[kind] = ranks.get(kind, -1) + 1
        place = CLASSIFIER if layer.name == CLASSIFIER else f"{kind}{ranks[kind]}"
        for variable in layer.weights:
            if not isinstance(layer, keras.layers.Dropout):  # its state is a random seed
                name = f"{place}.{variable.name}"
                while name in named:  # parts of attention, or of a bidirectional layer, have the same names
                    name += "'"
                named[name] = variable
    return named


def save_pretrained_weights(network: keras.Model, codec: Codec, path: Path) -> None:
    """The network's weights as float16, with the alphabet that its classifier speaks."""
    arrays = {name: keras.ops.convert_to_numpy(v).astype(np.float16) for name, v in _named(network).items()}
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez_compressed(file, **{_ALPHABET: np.array(codec.alphabet)}, **arrays)  # type: ignore[arg-type]  # numpy takes the names for its own flag


def weights_in(path: Path) -> NamedWeights:
    """The content of a file of `save_pretrained_weights`; raises CaptchaOcrError where it is none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files}
        return NamedWeights(path.name, str(stored.pop(_ALPHABET)), stored)
    except NPZ_DAMAGE as error:
        raise CaptchaOcrError(f"{path} holds no pretrained weights ({error}): run pretraining/pretrain.py") from error


def weights_of(network: keras.Model, symbols: str, name: str) -> NamedWeights:
    """The weights of a network that speaks `symbols`."""
    weights = {place: keras.ops.convert_to_numpy(variable) for place, variable in _named(network).items()}
    return NamedWeights(name, symbols, weights)


def load_pretrained_weights(network: keras.Model, codec: Codec, path: Path) -> PretrainedWeights:
    """Copies the weights of the file `path` as `copy_weights` does; raises CaptchaOcrError as that and `weights_in`."""
    return copy_weights(network, codec, weights_in(path))


def copy_weights(network: keras.Model, codec: Codec, source: NamedWeights, remedy: str = REMEDY) -> PretrainedWeights:
    """Copies weights into `network`, the classifier's for the symbols that both alphabets hold.

    Pictures of any width will do. For another height or number of channels, the kernels that see it are resized.
    Raises CaptchaOcrError naming the first weight that cannot be, and the `remedy`; the network is left as it was then.
    """
    stored, known, named = source.weights, source.symbols, _named(network)
    features = [value.shape[-1] for name, value in stored.items() if value.ndim == 4][-1]  # of the folded map
    values, resized = {}, []
    for name, variable in named.items():
        shape = tuple(variable.shape)
        value = stored.get(name)
        if value is not None and name.startswith(f"{CLASSIFIER}.") and value.shape[:-1] == shape[:-1]:
            value = _classifier(value, keras.ops.convert_to_numpy(variable), Codec(known), codec)
        elif value is not None and value.shape != shape:
            value = _resized(value, shape, features)
            resized.append(name)
        if value is None or value.shape != shape:
            found = "is missing" if name not in stored else f"has shape {stored[name].shape}"
            raise CaptchaOcrError(
                f"the pretrained weights {source.name} do not fit the network: {name} {found}, where {shape} is "
                f"needed. {remedy}"
            )
        values[name] = value
    if surplus := [name for name in stored if name not in named]:
        raise CaptchaOcrError(
            f"the pretrained weights {source.name} do not fit the network: it has no {surplus[0]}. {remedy}"
        )
    for name, value in values.items():
        named[name].assign(value.astype(np.float32))
    symbols = "".join(symbol for symbol in codec.alphabet if symbol in known)
    new = "".join(symbol for symbol in codec.alphabet if symbol not in known)
    return PretrainedWeights(variables=len(named), resized=tuple(resized), symbols=symbols, new_symbols=new)


def _classifier(stored: Array, current: Array, known: Codec, codec: Codec) -> Array:
    """`current` with the columns of the blank and of the symbols that both alphabets hold."""
    merged = current.copy()
    merged[..., BLANK] = stored[..., BLANK]
    for symbol in set(codec.alphabet) & set(known.alphabet):
        merged[..., codec.class_of(symbol)] = stored[..., known.class_of(symbol)]
    return merged


def _resized(stored: Array, shape: tuple[int, ...], features: int) -> Array | None:
    """A kernel for more channels or another height than it was learnt on, or None where it cannot be made.

    The grey kernel of a 2-D convolution is shared out among the channels, and those of colours are summed up, as grey
    has the same level in each. A 1-D convolution over folded features sees rows × features: its kernel is stretched
    over the rows, its sum over them kept.
    """
    if len(stored.shape) != len(shape) or stored.shape[-1] != shape[-1] or stored.shape[0] != shape[0]:
        return None
    if len(shape) == 4 and stored.shape[2] == 1:
        return np.repeat(stored, shape[2], axis=2) / shape[2]
    if len(shape) == 4 and shape[2] == 1:
        return np.asarray(stored.astype(np.float32).sum(axis=2, keepdims=True))
    if len(shape) == 3 and stored.shape[1] % features == shape[1] % features == 0:
        rows, wanted = stored.shape[1] // features, shape[1] // features
        by_row = stored.astype(np.float32).reshape(shape[0], rows, features, shape[2])
        places = np.clip((np.arange(wanted) + 0.5) * rows / wanted - 0.5, 0, rows - 1)
        low = np.floor(places).astype(int)
        share = (places - low)[None, :, None, None]
        stretched = by_row[:, low] * (1 - share) + by_row[:, np.minimum(low + 1, rows - 1)] * share
        return (stretched * rows / wanted).reshape(shape)
    return None
