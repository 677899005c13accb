"""Exported files of networks that were never trained: they read nonsense, and may be asked anything."""

import json

import keras
import numpy as np
import onnx

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.network.architectures import build_network
from captcha_ocr.pictures.input_size import InputSize

ALPHABET = "ab1"
IMAGE = InputSize(64, 16)


def untrained(image: InputSize = IMAGE, alphabet: str = ALPHABET, name: str = "compact") -> keras.Model:
    """With outputs far enough apart that symbols are read at all."""
    keras.utils.set_random_seed(0)
    network = build_network(name, image, classes=len(alphabet) + 1)
    network.layers[-1].set_weights([weight * 3 for weight in network.layers[-1].get_weights()])
    return network


def exported(
    network: keras.Model, image: InputSize = IMAGE, alphabet: str = ALPHABET, temperature: float = 1.0
) -> onnx.ModelProto:
    """The whole file of `network`."""
    graph = whole_graph(network_to_onnx(network), Codec(alphabet), image, network.output_shape[1], temperature)
    return with_metadata(graph, {"alphabet": alphabet})


def noise(count: int, image: InputSize = IMAGE, seed: int = 0) -> np.ndarray:
    """Pictures [N, H, W, C] of random pixels."""
    shape = (count, image.height, image.width, image.channels)
    return np.random.default_rng(seed).integers(0, 256, shape).astype(np.uint8)


def facts(model: onnx.ModelProto) -> dict:
    """The metadata of a file."""
    (entry,) = [p for p in model.metadata_props if p.key == "captcha_ocr"]
    return json.loads(entry.value)
