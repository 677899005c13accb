"""Turns a decoded picture into the network's input, by an ONNX graph.

Training runs this graph and the exported file begins with it, so both give the network the same pixels.
"""

from functools import cache

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from captcha_ocr.pictures.fitting import GRAPH_LINES
from captcha_ocr.pictures.input_size import InputSize

OPSET = 20  # the first with StringConcat, which the decoding graph of the exported file needs
IR_VERSION = 10  # the newest that onnxruntime 1.20 reads
HEADER = f'<ir_version: {IR_VERSION}, opset_import: ["": {OPSET}]>'

GREY = (0.299, 0.587, 0.114)  # ITU-R 601: the weights of red, green and blue in the luminance


def _channel_conversion(channels: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Matrices [4, channels + 1, 4] and constants [4, channels + 1, 1], for pictures of 1, 2, 3 and 4 channels.

    matrix × pixel + constant gives the pixel's colours (`channels` values from 0 to 255) and its alpha (0 to 1).
    """
    from_grey = np.ones((channels, 1))
    from_rgb = np.reshape(GREY, (1, 3)) if channels == 1 else np.eye(3)
    matrices, constants = np.zeros((4, channels + 1, 4)), np.zeros((4, channels + 1, 1))
    for source_channels in (1, 2, 3, 4):
        colours = from_grey if source_channels < 3 else from_rgb
        matrices[source_channels - 1, :channels, : colours.shape[1]] = colours
        if source_channels in (2, 4):
            matrices[source_channels - 1, channels, source_channels - 1] = 1 / 255
        else:
            constants[source_channels - 1, channels] = 1
    return matrices.astype(np.float32), constants.astype(np.float32)


def pixels_graph(input_size: InputSize) -> onnx.ModelProto:
    """The graph from `image`, uint8 [N, H, W, C], to `input`, uint8 [N, height, width, channels].

    H and W may be of any size. C is 1 (grey), 2 (grey with alpha), 3 (RGB) or 4 (RGBA). Transparency is laid over
    white, colours become grey or RGB, the picture is resized with antialiasing as `input_size.fit` says, and values are
    rounded once, at the end.
    """
    text = f"""{HEADER}
pixels (uint8[N, H, W, C] image) => (uint8[N, {input_size.height}, {input_size.width}, {input_size.channels}] input)
<int64[1] zero = {{0}}, int64[1] one = {{1}}, int64[3] in_rows = {{0, 0, -1}},
 int64[1] channels = {{{input_size.channels}}}, int64[2] parts = {{{input_size.channels}, 1}},
 int64[2] size = {{{input_size.height}, {input_size.width}}}, float white = {{255}}>
{{
  batch = Shape <end = 1> (image)
  source_size = Shape <start = 1, end = 3> (image)
  source_channels = Shape <start = 3> (image)
  channel_index = Sub (source_channels, one)
  index = Squeeze (channel_index)
  padded_matrix = Gather (matrices, index)
  matrix = Slice (padded_matrix, zero, source_channels, one)
  constant = Gather (constants, index)

  source_planes = Transpose <perm = [0, 3, 1, 2]> (image)
  levels = Cast <to = 1> (source_planes)
  rows = Reshape (levels, in_rows)
  products = MatMul (matrix, rows)
  mixed = Add (products, constant)
  colours, alpha = Split <axis = 1> (mixed, parts)
  below_white = Sub (colours, white)
  covered = Mul (below_white, alpha)
  over_white = Add (covered, white)

  source_shape = Concat <axis = 0> (batch, channels, source_size)
  planes = Reshape (over_white, source_shape)
{GRAPH_LINES[input_size.fit]}

  rounded = Round (fitted)
  bytes = Cast <to = 2> (rounded)
  input = Transpose <perm = [0, 2, 3, 1]> (bytes)
}}"""
    model = onnx.parser.parse_model(text)
    for name, values in zip(("matrices", "constants"), _channel_conversion(input_size.channels), strict=True):
        model.graph.initializer.append(onnx.numpy_helper.from_array(values, name))
    onnx.checker.check_model(model, full_check=True)
    return model


@cache
def _session(input_size: InputSize) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = 1  # one picture is too little work to share between threads
    return InferenceSession(pixels_graph(input_size).SerializeToString(), options, ["CPUExecutionProvider"])


def to_input(pixels: NDArray[np.uint8], input_size: InputSize) -> NDArray[np.uint8]:
    """The network's input, uint8 [height, width, channels], for one decoded picture, uint8 [H, W, C]."""
    (batch,) = _session(input_size).run(None, {"image": pixels[None]})
    return np.asarray(batch[0])


def own_size(pixels: NDArray[np.uint8], input_size: InputSize) -> tuple[int, int]:
    """Height and width that a decoded picture, uint8 [H, W, C], has in the network's input; the rest is padding."""
    width, height = input_size.sides(pixels.shape[1], pixels.shape[0])
    return height, width
