"""Exported files of networks that were never trained: they read nonsense, and may be asked anything."""

import json
from typing import Any

import keras
import numpy as np
import onnx

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.network.architectures import build_network
from captcha_ocr.pictures.input_size import InputSize

ALPHABET = "ab1"
INPUT_SIZE = InputSize(64, 16)


def untrained(input_size: InputSize = INPUT_SIZE, alphabet: str = ALPHABET, name: str = "compact") -> keras.Model:
    """With outputs far enough apart that symbols are read at all."""
    keras.utils.set_random_seed(0)
    network = build_network(name, input_size, classes=len(alphabet) + 1)
    network.layers[-1].set_weights([weight * 3 for weight in network.layers[-1].get_weights()])
    return network


def exported(
    network: keras.Model, input_size: InputSize = INPUT_SIZE, alphabet: str = ALPHABET, temperature: float = 1.0
) -> onnx.ModelProto:
    """The whole file of `network`."""
    graph = whole_graph(network_to_onnx(network), Codec(alphabet), input_size, network.output_shape[1], temperature)
    return with_metadata(graph, {"alphabet": alphabet})


def noise(count: int, input_size: InputSize = INPUT_SIZE, seed: int = 0) -> np.ndarray:
    """Pictures [N, H, W, C] of random pixels."""
    shape = (count, input_size.height, input_size.width, input_size.channels)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def metadata(model: onnx.ModelProto) -> dict[str, Any]:
    """The metadata of a file."""
    (entry,) = [p for p in model.metadata_props if p.key == "captcha_ocr"]
    found: dict[str, Any] = json.loads(entry.value)
    return found
