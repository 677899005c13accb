"""The messages of an ONNX file, as far as exported files use them.

Numbers and names are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto

Left out, so that a file with them is refused: weights in other files (TensorProto.external_data), sparse tensors,
functions, training graphs, segments, device configurations, and types other than tensors.
"""

from captcha_ocr.onnx_file.wire import BYTES, FIXED32, FIXED64, VARINT, Field, Layout


def _number(name: str) -> Field:
    return Field(name, VARINT)


def _numbers(name: str, wire: int = VARINT) -> Field:
    return Field(name, wire, repeated=True)


def _text(name: str) -> Field:
    return Field(name, BYTES)


def _texts(name: str) -> Field:
    return Field(name, BYTES, repeated=True)


def _message(name: str, layout: Layout) -> Field:
    return Field(name, BYTES, layout)


def _messages(name: str, layout: Layout) -> Field:
    return Field(name, BYTES, layout, repeated=True)


ENTRY = Layout("StringStringEntryProto", {1: _text("key"), 2: _text("value")})
OPERATOR_SET = Layout("OperatorSetIdProto", {1: _text("domain"), 2: _number("version")})
TENSOR = Layout(
    "TensorProto",
    {
        1: _numbers("dims"),
        2: _number("data_type"),
        4: _numbers("float_data", FIXED32),
        5: _numbers("int32_data"),
        6: _texts("string_data"),
        7: _numbers("int64_data"),
        8: _text("name"),
        9: _text("raw_data"),
        10: _numbers("double_data", FIXED64),
        11: _numbers("uint64_data"),
        12: _text("doc_string"),
        14: _number("data_location"),
        16: _messages("metadata_props", ENTRY),
    },
)
DIMENSION = Layout(
    "TensorShapeProto.Dimension", {1: _number("dim_value"), 2: _text("dim_param"), 3: _text("denotation")}
)
SHAPE = Layout("TensorShapeProto", {1: _messages("dim", DIMENSION)})
TENSOR_TYPE = Layout("TypeProto.Tensor", {1: _number("elem_type"), 2: _message("shape", SHAPE)})
TYPE = Layout("TypeProto", {1: _message("tensor_type", TENSOR_TYPE), 6: _text("denotation")})
VALUE = Layout(
    "ValueInfoProto",
    {1: _text("name"), 2: _message("type", TYPE), 3: _text("doc_string"), 4: _messages("metadata_props", ENTRY)},
)
ATTRIBUTE = Layout(
    "AttributeProto",
    {
        1: _text("name"),
        2: Field("f", FIXED32),
        3: _number("i"),
        4: _text("s"),
        5: _message("t", TENSOR),
        7: _numbers("floats", FIXED32),
        8: _numbers("ints"),
        9: _texts("strings"),
        13: _text("doc_string"),
        20: _number("type"),
    },
)
NODE = Layout(
    "NodeProto",
    {
        1: _texts("input"),
        2: _texts("output"),
        3: _text("name"),
        4: _text("op_type"),
        5: _messages("attribute", ATTRIBUTE),
        6: _text("doc_string"),
        7: _text("domain"),
        9: _messages("metadata_props", ENTRY),
    },
)
GRAPH = Layout(
    "GraphProto",
    {
        1: _messages("node", NODE),
        2: _text("name"),
        5: _messages("initializer", TENSOR),
        10: _text("doc_string"),
        11: _messages("input", VALUE),
        12: _messages("output", VALUE),
        13: _messages("value_info", VALUE),
        16: _messages("metadata_props", ENTRY),
    },
)
ATTRIBUTE.add(6, _message("g", GRAPH))  # a subgraph, such as the body of Scan
MODEL = Layout(
    "ModelProto",
    {
        1: _number("ir_version"),
        2: _text("producer_name"),
        3: _text("producer_version"),
        4: _text("domain"),
        5: _number("model_version"),
        6: _text("doc_string"),
        7: _message("graph", GRAPH),
        8: _messages("opset_import", OPERATOR_SET),
        14: _messages("metadata_props", ENTRY),
    },
)
