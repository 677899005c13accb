"""Joins preprocessing, network and decoding into one ONNX graph, from pixels to text."""

import json
from collections.abc import Mapping
from typing import Any

import onnx
from onnx import compose

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.ctc.codec import Codec
from captcha_ocr.export.decoding_graph import decoding_graph
from captcha_ocr.onnx_file.metadata import METADATA_KEY
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import IR_VERSION, OPSET, pixels_graph


def _part(model: onnx.ModelProto, name: str) -> onnx.ModelProto:
    """Prefixes the names of nodes and values with `name`; inputs and outputs keep their names."""
    return compose.add_prefix(model, f"{name}/", rename_inputs=False, rename_outputs=False)


def _free_batch(model: onnx.ModelProto) -> None:
    """Names the first axis of all inputs and outputs N. The parts have different names for it."""
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "N"


def check(model: onnx.ModelProto) -> None:
    """Raises CaptchaOcrError if the graph is not valid, or uses an operator that is not in the ONNX standard."""
    try:
        onnx.checker.check_model(model, full_check=True)
    except (onnx.checker.ValidationError, onnx.shape_inference.InferenceError) as error:
        raise CaptchaOcrError(f"the exported graph of {model.graph.name} is not valid ONNX: {error}") from error
    nonstandard = sorted({f"{node.domain}.{node.op_type}" for node in model.graph.node if node.domain})
    if nonstandard:
        raise CaptchaOcrError(f"the exported graph of {model.graph.name} uses operators beyond ONNX: {nonstandard}")


def whole_graph(
    network: onnx.ModelProto, codec: Codec, input_size: InputSize, time_steps: int, temperature: float
) -> onnx.ModelProto:
    """Joins `pixels_graph`, `network` and `decoding_graph`; raises CaptchaOcrError as `check` does.

    `network` is a graph from `input`, uint8 [N, h, w, c], to `logits`, [N, time_steps, K]. The result has the input of
    the first graph and the outputs of the last.
    """
    before, after = (
        _part(pixels_graph(input_size), "pixels"),
        _part(decoding_graph(codec, time_steps, temperature), "reading"),
    )
    half = compose.merge_models(before, network, io_map=[("input", "input")])
    whole = as_opset(
        compose.merge_models(half, after, io_map=[("logits", "logits")])
    )  # merging repeats the opset of each part
    whole.graph.name = network.graph.name
    whole.producer_name = "captcha-ocr"
    _free_batch(whole)
    check(whole)
    return whole


def with_metadata(model: onnx.ModelProto, metadata: Mapping[str, Any]) -> onnx.ModelProto:
    """A copy of the model that stores `metadata` as JSON under METADATA_KEY, and no other properties."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    del copy.metadata_props[:]
    entry = copy.metadata_props.add()
    entry.key, entry.value = METADATA_KEY, json.dumps(metadata, ensure_ascii=False, sort_keys=True)
    return copy


def as_opset(model: onnx.ModelProto) -> onnx.ModelProto:
    """Changes opset and IR version of the model to those of this project, and returns it.

    The graph may have opset 18, the newest that tf2onnx writes. The operators used have the same meaning in opset 20;
    the parity check of every export confirms that.
    """
    del model.opset_import[:]
    model.opset_import.append(onnx.helper.make_opsetid("", OPSET))
    model.ir_version = IR_VERSION
    return model
