"""A Keras network as an ONNX file; the only module that names TensorFlow."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import tensorflow as tf
import tf2onnx
from numpy.typing import NDArray
from onnxruntime import InferenceSession

from captcha_ocr.core.codec import BLANK, Codec
from captcha_ocr.core.ctc import log_softmax
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize
from captcha_ocr.core.params import Params
from captcha_ocr.data.files import replacing
from captcha_ocr.data.samples import Samples, load_samples, read_splits
from captcha_ocr.delivery.code_version import code_version
from captcha_ocr.delivery.parity import Parity, compare
from captcha_ocr.learning.reading import read_logits
from captcha_ocr.learning.saved import load_network

INPUT, OUTPUT = "image", "probabilities"
PREPROCESSING = "RGBA over white, {colours}, bilinear resize to image, uint8 [height, width, {channels}]"
COLOURS = {1: "grey (ITU-R 601)", 3: "RGB"}


def to_onnx(network: keras.Model, opset: int, metadata: Mapping[str, Any]) -> onnx.ModelProto:
    """The graph from `image`, uint8 [N, H, W, C] with N free, to `probabilities`, float32 [N, T, K].

    `metadata` goes into the file as one JSON text under the key `captcha_ocr`. Raises CaptchaOcrError where
    ONNX's checker or shape inference refuses the graph.
    """

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow ships no types
    def read(image: Any) -> dict[str, Any]:
        return {OUTPUT: tf.nn.softmax(network(image, training=False))}

    signature = tf.TensorSpec([None, *network.input_shape[1:]], tf.uint8, name=INPUT)
    model, _ = tf2onnx.convert.from_function(read, input_signature=[signature], opset=opset)
    model.graph.name = network.name
    entry = model.metadata_props.add()
    entry.key, entry.value = "captcha_ocr", json.dumps(metadata, ensure_ascii=False, sort_keys=True)
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise CaptchaOcrError(f"the exported graph of {network.name} is not valid ONNX: {error}") from error
    names = [value.name for value in (*model.graph.input, *model.graph.output)]
    if names != [INPUT, OUTPUT]:
        raise CaptchaOcrError(f"the exported graph has inputs and outputs {names}, not {[INPUT, OUTPUT]}")
    return model


def _probabilities(network: keras.Model, samples: Samples) -> NDArray[np.float32]:
    return np.exp(log_softmax(read_logits(network, samples))).astype(np.float32)


def _load_sides(splits: Path, folder: Path, image: InputSize) -> Samples:
    """Validation and test together: everything that the network was not fitted on."""
    frame = read_splits(splits)
    held_out = frame.assign(split=frame["split"].replace({"validation": "test"}))
    return load_samples(held_out, "test", folder, image)


def export_checked(
    network_path: Path, record: Mapping[str, Any], folder: Path, splits: Path, params: Params, target: Path
) -> Parity:
    """Exports `network_path` to `target`, and returns the parity on all validation and test pictures of `folder`.

    Raises CaptchaOcrError, and writes nothing, where a text or a probability differs.
    """
    # With a GPU in sight an LSTM becomes a cuDNN kernel that ONNX has no operator for.
    tf.config.set_visible_devices([], "GPU")
    network, image = load_network(network_path), InputSize(**record["image"])
    metadata = {key: record[key] for key in ("alphabet", "image", "architecture", "data_digest", "temperature")} | {
        "blank": BLANK,
        "preprocessing": PREPROCESSING.format(colours=COLOURS[image.channels], channels=image.channels),
        "parameters": params.model_dump(by_alias=True) | {"train": record["train"]},
        **code_version(),
    }
    model = to_onnx(network, params.export.opset, metadata)
    samples = _load_sides(splits, folder, image)
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    parity = compare(session, _probabilities(network, samples), samples, Codec(record["alphabet"]))
    parity.raise_mismatch(params.export.max_abs_diff)
    with replacing(target) as draft:
        onnx.save(model, draft)
    return parity
