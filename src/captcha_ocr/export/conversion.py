"""Converts a Keras network to ONNX. No other module of the package imports TensorFlow directly."""

from typing import Any

import keras
import onnx
import tensorflow as tf
import tf2onnx
from onnx import helper

from captcha_ocr.export.canonical import canonical
from captcha_ocr.export.whole_graph import as_opset

NEWEST_OPSET = 18  # the newest that tf2onnx writes
INPUT, OUTPUT = "input", "logits"
SCALING = {"Cast", "Mul", "Add", "Sub", "Div"}  # operators that scale pixels at the beginning of a network


def network_to_onnx(network: keras.Model) -> onnx.ModelProto:
    """The ONNX graph from `input`, uint8 [N, H, W, C], to `logits`, float32 [N, T, K]. N may be any number.

    The same network always gives the same bytes.
    """
    # With a visible GPU an LSTM becomes a cuDNN kernel, for which ONNX has no operator.
    tf.config.set_visible_devices([], "GPU")

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow ships no types
    def logits(pictures: Any) -> dict[str, Any]:
        return {OUTPUT: network(pictures, training=False)}

    shape = network.input_shape[1:]
    signature = tf.TensorSpec([None, *shape], tf.uint8, name=INPUT)
    model, _ = tf2onnx.convert.from_function(logits, input_signature=[signature], opset=NEWEST_OPSET)
    model.graph.name = network.name
    _scale_in_rows(model.graph, list(shape))
    return as_opset(canonical(model))


def _scale_in_rows(graph: onnx.GraphProto, shape: list[int]) -> None:
    """Changes the graph so that pixels are scaled in the shape [N, H, W × C], and reshaped to [N, H, W, C] afterwards.

    If the last axis has length 1, onnxruntime applies a scalar to one element at a time, which is slow.
    """
    constants = [initializer.name for initializer in graph.initializer]
    scaled, last = INPUT, -1  # the output of the last scaling operator, and its index
    while users := [i for i, node in enumerate(graph.node) if scaled in node.input]:
        node = graph.node[users[0]]
        if len(users) > 1 or node.op_type not in SCALING or set(node.input) - {scaled} > set(constants):
            break
        scaled, last = node.output[0], users[0]
    if last < 0:
        return
    for node in graph.node:
        node.input[:] = [f"{name}/shaped" if name == scaled else name for name in node.input]
        node.input[:] = ["pixels_in_rows" if name == INPUT else name for name in node.input]
    for name, sizes in (("row_shape", [0, shape[0], -1]), ("picture_shape", [0, *shape])):
        graph.initializer.append(helper.make_tensor(name, onnx.TensorProto.INT64, [len(sizes)], sizes))
    graph.node.insert(last + 1, helper.make_node("Reshape", [scaled, "picture_shape"], [f"{scaled}/shaped"]))
    graph.node.insert(0, helper.make_node("Reshape", [INPUT, "row_shape"], ["pixels_in_rows"]))
