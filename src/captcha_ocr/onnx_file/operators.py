"""The operators of ONNX that exported files use. Each export is loaded, so an operator that is missing here shows."""

OPSET = 20  # of ONNX's own domain; all exported files have it
IR_VERSION = 10  # the newest that they have

# From pixels to the network's input, and from logits to text (pictures/preprocessing.py, export/decoding_graph.py).
AROUND = """
    Add And ArgMax Cast Concat Constant CumSum Div Equal Exp Expand Gather Greater Less LogSoftmax MatMul Max Min Mul
    Not OneHot Or Pad Range ReduceMax ReduceSum Reshape Resize Round Scan Shape Slice Split Squeeze StringConcat Sub
    TopK Transpose Unsqueeze Where
"""
# Of the networks (network/architectures/) as tf2onnx writes them, and in 8 bits.
NETWORKS = """
    Conv DequantizeLinear Identity LSTM LeakyRelu Loop MaxPool Neg QuantizeLinear Reciprocal ReduceMean ReduceProd
    Relu ReverseSequence Sigmoid Softmax Sqrt Tanh
"""
OPERATORS = frozenset((AROUND + NETWORKS).split())
