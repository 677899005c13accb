"""A Keras network as ONNX; the only module that names TensorFlow."""

from typing import Any

import keras
import onnx
import tensorflow as tf
import tf2onnx
from onnx import helper

from captcha_ocr.export.whole_graph import as_opset

NEWEST_OPSET = 18  # that tf2onnx writes
INPUT, OUTPUT = "input", "logits"
SCALING = {"Cast", "Mul", "Add", "Sub", "Div"}


def network_to_onnx(network: keras.Model) -> onnx.ModelProto:
    """The graph from `input`, uint8 [N, H, W, C], to `logits`, float32 [N, T, K]; N is free."""
    # With a GPU in sight an LSTM becomes a cuDNN kernel that ONNX has no operator for.
    tf.config.set_visible_devices([], "GPU")

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow ships no types
    def logits(pictures: Any) -> dict[str, Any]:
        return {OUTPUT: network(pictures, training=False)}

    shape = network.input_shape[1:]
    signature = tf.TensorSpec([None, *shape], tf.uint8, name=INPUT)
    model, _ = tf2onnx.convert.from_function(logits, input_signature=[signature], opset=NEWEST_OPSET)
    model.graph.name = network.name
    _scale_in_rows(model.graph, list(shape))
    return as_opset(model)


def _scale_in_rows(graph: onnx.GraphProto, shape: list[int]) -> None:
    """Has the pixels scaled as [N, H, W * C], and shaped to [N, H, W, C] afterwards.

    Where the last axis has length 1, onnxruntime applies a scalar element by element, which is slow.
    """
    constants = [initializer.name for initializer in graph.initializer]
    given, last = INPUT, -1
    while users := [i for i, node in enumerate(graph.node) if given in node.input]:
        node = graph.node[users[0]]
        if len(users) > 1 or node.op_type not in SCALING or set(node.input) - {given} > set(constants):
            break
        given, last = node.output[0], users[0]
    if last < 0:
        return
    for node in graph.node:
        node.input[:] = [f"{name}/shaped" if name == given else name for name in node.input]
        node.input[:] = ["pixels_in_rows" if name == INPUT else name for name in node.input]
    for name, sizes in (("row_shape", [0, shape[0], -1]), ("picture_shape", [0, *shape])):
        graph.initializer.append(helper.make_tensor(name, onnx.TensorProto.INT64, [len(sizes)], sizes))
    graph.node.insert(last + 1, helper.make_node("Reshape", [given, "picture_shape"], [f"{given}/shaped"]))
    graph.node.insert(0, helper.make_node("Reshape", [INPUT, "row_shape"], ["pixels_in_rows"]))
