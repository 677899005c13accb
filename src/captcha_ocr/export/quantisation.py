"""A network's weights and activations in 8 bits, by onnxruntime's own tools."""

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

# What has weights, and what may stay in 8 bits between such operators.
OPERATORS = ("Conv", "MatMul", "Gemm", "MaxPool", "Relu", "Transpose", "Reshape")


class _Pictures(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime ships no types
    """Hands out one picture after the other; onnxruntime notes the range of every activation."""

    def __init__(self, inputs: NDArray[np.uint8]) -> None:
        self.remaining: Iterator[NDArray[np.uint8]] = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        picture = next(self.remaining, None)
        return None if picture is None else {"input": picture[None]}


def quantised(network: onnx.ModelProto, inputs: NDArray[np.uint8]) -> onnx.ModelProto:
    """The network with 8-bit weights, one scale a channel, and activations with the ranges of `inputs`, [N, h, w, c].

    Activations are unsigned, weights signed, which is what x86 multiplies fastest.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(network)  # onnxruntime's tool changes the model that it is given
    with TemporaryDirectory() as folder:
        target = Path(folder) / "quantised.onnx"
        logging.disable(logging.WARNING)  # it recommends a preparation for graphs with symbolic shapes; these have none
        try:
            quantize_static(
                copy,
                target,
                _Pictures(inputs),
                quant_format=QuantFormat.QDQ,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                per_channel=True,
                op_types_to_quantize=list(OPERATORS),
            )
        finally:
            logging.disable(logging.NOTSET)
        return onnx.load(target)
