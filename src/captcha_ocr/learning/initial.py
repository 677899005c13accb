"""Weights to start a fit from, learnt on rendered captchas and shipped with the package."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from captcha_ocr.core.codec import Codec
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.data.files import replacing

CLASSIFIER = "logits"
_ALPHABET = "alphabet"


@dataclass(frozen=True)
class Copied:
    """What a network took over: its variables outside the classifier, and the symbols that the classifier knows."""

    variables: int
    symbols: str


def weights_file(architecture: str) -> Path:
    """Where the package keeps the initial weights of an architecture."""
    return Path(__file__).parent / "weights" / f"{architecture}.npz"


def _named(network: keras.Model) -> dict[str, keras.Variable]:
    """Each variable by its place: the classifier by its name, the others by their layer's rank among its kind.

    Keras numbers the layers of a process through, so that a name as such differs from one network to the next.
    """
    named: dict[str, keras.Variable] = {}
    ranks: dict[str, int] = {}
    for layer in network.layers:
        kind = type(layer).__name__.lower()
        ranks[kind] = ranks.get(kind, -1) + 1
        prefix = CLASSIFIER if layer.name == CLASSIFIER else f"{kind}{ranks[kind]}"
        for variable in layer.weights:
            if "seed" not in variable.path:
                named[f"{prefix}.{variable.path.split('/', 1)[-1].replace('/', '.')}"] = variable
    return named


def save_initial_weights(network: keras.Model, codec: Codec, path: Path) -> None:
    """The network's variables as float16, with the alphabet that its classifier speaks."""
    arrays = {name: keras.ops.convert_to_numpy(v).astype(np.float16) for name, v in _named(network).items()}
    with replacing(path) as draft, draft.open("wb") as file:
        np.savez_compressed(file, **{_ALPHABET: np.array(codec.alphabet)}, **arrays)  # type: ignore[arg-type]


def _rows(stored: NDArray[Any], current: NDArray[Any], known: str, codec: Codec) -> NDArray[Any]:
    """The classifier's array with the columns of the blank and of all symbols that both alphabets hold."""
    merged = current.copy()
    merged[..., 0] = stored[..., 0]
    for symbol in set(codec.alphabet) & set(known):
        merged[..., codec.alphabet.index(symbol) + 1] = stored[..., known.index(symbol) + 1]
    return merged


def load_initial_weights(network: keras.Model, codec: Codec, path: Path) -> Copied:
    """Copies the weights of `path` into `network`, the classifier's for the symbols that both alphabets hold.

    Raises CaptchaOcrError naming the first variable whose shape differs; nothing is copied then.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files}
    except (OSError, ValueError) as error:
        raise CaptchaOcrError(f"{path} holds no initial weights ({error}): run pretraining/pretrain.py") from error
    known, named = str(stored.pop(_ALPHABET)), _named(network)
    values = {}
    for name, variable in named.items():
        shape = stored[name].shape if name in stored else None
        if name.startswith(f"{CLASSIFIER}.") and shape is not None and shape[:-1] == variable.shape[:-1]:
            values[name] = _rows(stored[name], keras.ops.convert_to_numpy(variable), known, codec)
        elif shape == tuple(variable.shape):
            values[name] = stored[name]
        else:
            raise CaptchaOcrError(
                f"{path.name}: {name} has shape {shape}, the network needs {tuple(variable.shape)}: train from scratch"
            )
    for name, value in values.items():
        named[name].assign(value.astype(np.float32))
    symbols = "".join(symbol for symbol in codec.alphabet if symbol in known)
    return Copied(sum(not name.startswith(f"{CLASSIFIER}.") for name in named), symbols)
