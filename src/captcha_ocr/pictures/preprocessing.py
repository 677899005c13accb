"""From a decoded picture to what the network sees, as an ONNX graph: training runs it, and the exported file begins
with it.
"""

from functools import cache

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions

from captcha_ocr.pictures.input_size import InputSize

OPSET = 20  # the first with StringConcat, which the other end of the file needs
IR_VERSION = 10  # the newest that onnxruntime 1.20 reads
HEADER = f'<ir_version: {IR_VERSION}, opset_import: ["": {OPSET}]>'

GREY = (0.299, 0.587, 0.114)  # ITU-R 601: what red, green and blue add to the luminance


def _mixing(channels: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """[4, channels + 1, 4] and [4, channels + 1, 1]: for pictures of 1, 2, 3 and 4 channels, the matrix and the
    constant that make of a pixel its colours (0 to 255) and its alpha (0 to 1).
    """
    from_grey = np.ones((channels, 1))
    from_rgb = np.reshape(GREY, (1, 3)) if channels == 1 else np.eye(3)
    matrices, constants = np.zeros((4, channels + 1, 4)), np.zeros((4, channels + 1, 1))
    for given in (1, 2, 3, 4):
        colours = from_grey if given < 3 else from_rgb
        matrices[given - 1, :channels, : colours.shape[1]] = colours
        if given in (2, 4):
            matrices[given - 1, channels, given - 1] = 1 / 255
        else:
            constants[given - 1, channels] = 1
    return matrices.astype(np.float32), constants.astype(np.float32)


def pixels_graph(input_size: InputSize) -> onnx.ModelProto:
    """From `image`, uint8 [N, H, W, C] of any size with C of 1 (grey), 2 (with alpha), 3 (RGB) or 4 (RGBA), to `input`,
    uint8 [N, height, width, channels]: transparency over white, grey or RGB, resized with antialiasing, rounded once.
    """
    text = f"""{HEADER}
pixels (uint8[N, H, W, C] image) => (uint8[N, {input_size.height}, {input_size.width}, {input_size.channels}] input)
<int64[1] zero = {{0}}, int64[1] one = {{1}}, int64[3] in_rows = {{0, 0, -1}},
 int64[1] channels = {{{input_size.channels}}}, int64[2] parts = {{{input_size.channels}, 1}},
 int64[2] size = {{{input_size.height}, {input_size.width}}}, float white = {{255}}>
{{
  batch = Shape <end = 1> (image)
  given_size = Shape <start = 1, end = 3> (image)
  given = Shape <start = 3> (image)
  before = Sub (given, one)
  index = Squeeze (before)
  padded_matrix = Gather (matrices, index)
  matrix = Slice (padded_matrix, zero, given, one)
  constant = Gather (constants, index)

  given_planes = Transpose <perm = [0, 3, 1, 2]> (image)
  levels = Cast <to = 1> (given_planes)
  rows = Reshape (levels, in_rows)
  products = MatMul (matrix, rows)
  mixed = Add (products, constant)
  colours, alpha = Split <axis = 1> (mixed, parts)
  darkness = Sub (colours, white)
  seen = Mul (darkness, alpha)
  flat = Add (seen, white)

  given_shape = Concat <axis = 0> (batch, channels, given_size)
  planes = Reshape (flat, given_shape)
  shape = Concat <axis = 0> (batch, channels, size)
  resized = Resize <mode = "linear", antialias = 1> (planes, , , shape)
  rounded = Round (resized)
  bytes = Cast <to = 2> (rounded)
  input = Transpose <perm = [0, 2, 3, 1]> (bytes)
}}"""
    model = onnx.parser.parse_model(text)
    for name, values in zip(("matrices", "constants"), _mixing(input_size.channels), strict=True):
        model.graph.initializer.append(onnx.numpy_helper.from_array(values, name))
    onnx.checker.check_model(model, full_check=True)
    return model


@cache
def _session(input_size: InputSize) -> InferenceSession:
    options = SessionOptions()
    options.intra_op_num_threads = 1  # a picture is too small to be shared between threads
    return InferenceSession(pixels_graph(input_size).SerializeToString(), options, ["CPUExecutionProvider"])


def to_input(pixels: NDArray[np.uint8], input_size: InputSize) -> NDArray[np.uint8]:
    """[height, width, channels] of one decoded picture [H, W, C]."""
    (batch,) = _session(input_size).run(None, {"image": pixels[None]})
    return np.asarray(batch[0])
