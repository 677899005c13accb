"""A Keras network as ONNX; the only module that names TensorFlow."""

from typing import Any

import keras
import onnx
import tensorflow as tf
import tf2onnx

from captcha_ocr.delivery.file_graph import as_opset

NEWEST_OPSET = 18  # that tf2onnx writes


def network_to_onnx(network: keras.Model) -> onnx.ModelProto:
    """The graph from `input`, uint8 [N, H, W, C], to `logits`, float32 [N, T, K]; N is free."""
    # With a GPU in sight an LSTM becomes a cuDNN kernel that ONNX has no operator for.
    tf.config.set_visible_devices([], "GPU")

    @tf.function  # type: ignore[untyped-decorator]  # TensorFlow ships no types
    def logits(pictures: Any) -> dict[str, Any]:
        return {"logits": network(pictures, training=False)}

    signature = tf.TensorSpec([None, *network.input_shape[1:]], tf.uint8, name="input")
    model, _ = tf2onnx.convert.from_function(logits, input_signature=[signature], opset=NEWEST_OPSET)
    model.graph.name = network.name
    return as_opset(model)
