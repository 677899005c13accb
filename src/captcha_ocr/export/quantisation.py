"""Quantises weights and activations of a network to 8 bits, with onnxruntime's tools."""

import logging
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from captcha_ocr.export.canonical import canonical

# Operators with weights, and operators between them that can work on 8 bits.
OPERATORS = ("Conv", "MatMul", "Gemm", "MaxPool", "Relu", "Transpose", "Reshape")


class _Pictures(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime ships no types
    """Gives onnxruntime one picture after another, from which it measures the range of every activation."""

    def __init__(self, inputs: NDArray[np.uint8]) -> None:
        self.remaining: Iterator[NDArray[np.uint8]] = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        picture = next(self.remaining, None)
        return None if picture is None else {"input": picture[None]}


def quantised(network: onnx.ModelProto, inputs: NDArray[np.uint8]) -> onnx.ModelProto:
    """The network with weights and activations in 8 bits.

    Weights have one scale for each channel. The ranges of activations are measured on `inputs`, uint8 [N, h, w, c].
    Activations are unsigned and weights signed, which x86 processors multiply fastest.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(network)  # quantize_static changes the model that it is given
    with TemporaryDirectory() as folder:
        target = Path(folder) / "quantised.onnx"
        logging.disable(logging.WARNING)  # it recommends a step that only graphs with symbolic shapes need
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
        return canonical(onnx.load(target))
