"""A small exported file, and ways in which its fields can lie."""

from functools import cache
from typing import Any

import numpy as np
import onnx
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.onnx_file.metadata import METADATA_KEY
from captcha_ocr.pictures.input_size import InputSize
from tests.fuzz.cases import WIDE_EDGES, broken, one, upto
from tests.fuzz.trees import ODD, written

ALPHABET, SIZE, STEPS = "ab1", InputSize(16, 8), 4


def _network() -> onnx.ModelProto:
    """One layer: each column of the picture is a time step's share of pixels."""
    classes = len(ALPHABET) + 1
    weights = np.random.default_rng(0).normal(size=(SIZE.width * SIZE.height // STEPS, classes)).astype(np.float32)
    nodes = [
        helper.make_node("Cast", ["input"], ["levels"], to=TensorProto.FLOAT),
        helper.make_node("Reshape", ["levels", "shape"], ["columns"]),
        helper.make_node("MatMul", ["columns", "weights"], ["logits"]),
    ]
    given = helper.make_tensor_value_info("input", TensorProto.UINT8, ["N", SIZE.height, SIZE.width, 1])
    logits = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", STEPS, classes])
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(np.array([0, STEPS, -1]), "shape"),
    ]
    graph = helper.make_graph(nodes, "tiny", [given], [logits], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


@cache
def small_model() -> bytes:
    """An exported file that reads nonsense from pictures of 16 × 8 pixels."""
    whole = whole_graph(_network(), Codec(ALPHABET), SIZE, STEPS, temperature=1.0)
    return with_metadata(whole, {"alphabet": ALPHABET}).SerializeToString()


KINDS = one(
    "field", "field", "field", "field", "outside", "nested", "node", "metadata", "metadata", "bytes", "opset", "large"
)
# Operators by name and domain: those that hold graphs, make great tensors, or are not in the standard.
OPERATORS = one(
    *(("If", ""), ("Loop", ""), ("Scan", ""), ("SequenceMap", ""), ("Optional", ""), ("Identity", ""), ("NoSuch", "")),
    *(("ConstantOfShape", ""), ("Expand", ""), ("Tile", ""), ("Resize", ""), ("RandomNormal", ""), ("Einsum", "")),
    *(
        ("Conv", ""),
        ("Gather", ""),
        ("Reshape", ""),
        ("QLinearMatMul", ""),
        ("StringSplit", ""),
        ("RegexFullMatch", ""),
    ),
    *(("Attention", "com.microsoft"), ("EPContext", "com.microsoft"), ("TreeEnsembleRegressor", "ai.onnx.ml")),
)
ODD_METADATA = one(
    *("", "{", "null", "[]", "[" * 100_000, '{"alphabet": 1}', '{"alphabet": null}', '{"alphabet": ["a", "b", "1"]}'),
    *('{"alphabet": ""}', '{"alphabet": "aab"}', '{"alphabet": "ab"}', '{"alphabet": "\\ud800bc"}'),
    '{"alphabet": "' + "x" * 3000 + '"}',
)
OUTSIDE = {
    "location": one("/etc/passwd", "../../etc/passwd", "weights.bin", "", "*/_ORT_MEM_ADDR_/*"),
    "offset": one("0", "-1", "x", "9" * 20),
    "length": one("4", "0", "-1", "9" * 20),
}


def _other_value(draw: st.DrawFn, field: FieldDescriptor, value: Any) -> Any:
    if field.cpp_type in (field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE):
        return draw(one(0.0, -1.0, 1e38, -1e38, float("nan"), float("inf")))
    if field.type == field.TYPE_BYTES:
        return broken(draw, value, [], 2)
    if field.type == field.TYPE_STRING:
        return draw(one("", value + "x", "image", "logits", "x" * 5000, "../../x", "a\0b"))
    if field.cpp_type == field.CPPTYPE_ENUM:
        return draw(upto(16))
    bits = 31 if field.cpp_type == field.CPPTYPE_INT32 else 63
    return draw(one(-1, *(number % (1 << bits) for number in (value + 1, value - 1, *WIDE_EDGES))))


def _change_field(draw: st.DrawFn, message: Message) -> None:
    """Goes down from `message` to some field of it, and changes that."""
    fields = message.ListFields()
    if not fields:
        return
    field, value = fields[draw(upto(len(fields) - 1))]
    several = not isinstance(value, str | bytes) and hasattr(value, "__len__")
    if several:
        place = draw(upto(len(value) - 1))
        change = draw(one("inside", "inside", "inside", "inside", "inside", "remove", "double", "exchange"))
        if change == "remove":
            del value[place]
        elif change == "double" or (field.message_type is None and change == "exchange"):
            value.extend([value[place]] * draw(one(1, 1, 50)))
        elif change == "exchange":
            value[place].CopyFrom(value[draw(upto(len(value) - 1))])
        elif field.message_type is not None:
            _change_field(draw, value[place])
        else:
            value[place] = _other_value(draw, field, value[place])
    elif field.message_type is not None:
        _change_field(draw, value)
    elif draw(upto(9)) == 9:
        message.ClearField(field.name)
    else:
        setattr(message, field.name, _other_value(draw, field, value))


def _point_outside(draw: st.DrawFn, model: onnx.ModelProto) -> None:
    """Moves the data of a tensor into a file beside the model, or somewhere on the machine."""
    constants = model.graph.initializer
    nodes = [a.t for node in model.graph.node for a in node.attribute if a.HasField("t")]
    tensors = [*constants, *nodes]
    tensor = tensors[draw(upto(len(tensors) - 1))]
    tensor.data_location = TensorProto.EXTERNAL
    for key, values in OUTSIDE.items():
        if draw(upto(3)):
            entry = tensor.external_data.add()
            entry.key, entry.value = key, draw(values)
    if draw(upto(1)):
        tensor.ClearField("raw_data")


def _field(number: int, content: bytes) -> bytes:
    """A protobuf field that holds a message or bytes."""
    length, size = len(content), bytearray()
    while length > 0x7F:
        size.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes([number << 3 | 2]) + bytes(size) + bytes([length]) + content


def _nested(draw: st.DrawFn, content: bytes) -> bytes:
    """The file with a graph in a graph, as deep as drawn. In bytes, since no library writes them so deep."""
    graph = b""
    for _ in range(draw(one(1, 2, 20, 90, 1000))):
        attribute = _field(1, b"then_branch") + _field(6, graph) + b"\xa0\x01\x05"  # its kind: a graph
        graph = _field(1, _field(1, b"image") + _field(4, b"If") + _field(5, attribute))  # a graph of one node
    return content + _field(7, graph)  # merged with the graph that is there


def _add_node(draw: st.DrawFn, model: onnx.ModelProto) -> None:
    operator, domain = draw(OPERATORS)
    names = [value for node in model.graph.node for value in node.output]
    inputs = [names[draw(upto(len(names) - 1))] for _ in range(draw(upto(3)))]
    node = helper.make_node(operator, inputs, ["extra"], domain=domain)
    model.graph.node.insert(draw(upto(len(model.graph.node))), node)
    if domain:
        model.opset_import.append(helper.make_opsetid(domain, 1))


def _enlarge(draw: st.DrawFn, model: onnx.ModelProto) -> None:
    """A small constant that becomes a great tensor when the graph runs, or when it is optimised."""
    sides = draw(one((1 << 14, 1 << 14), (1 << 40,), (1 << 20, 1 << 10, 8), (0, -1), (3,)))
    model.graph.initializer.append(numpy_helper.from_array(np.array(sides), "sides"))
    model.graph.node.insert(0, helper.make_node("ConstantOfShape", ["sides"], ["large"]))
    if draw(upto(1)):
        model.graph.output.append(helper.make_tensor_value_info("large", TensorProto.FLOAT, None))


def _change_metadata(draw: st.DrawFn, model: onnx.ModelProto) -> None:
    del model.metadata_props[:]
    entry = model.metadata_props.add()
    entry.key = METADATA_KEY
    entry.value = draw(ODD_METADATA) if draw(upto(1)) else written(draw(ODD))


def _change_opset(draw: st.DrawFn, model: onnx.ModelProto) -> None:
    if draw(upto(1)) or not model.opset_import:
        model.ir_version = draw(one(0, 1, 3, 9, 10, 11, 14, 99, 1 << 40))
    else:
        model.opset_import[0].version = draw(one(0, 1, 7, 11, 17, 19, 21, 23, 99, 1 << 40, -1))


CHANGES = {
    "field": _change_field,
    "outside": _point_outside,
    "node": _add_node,
    "metadata": _change_metadata,
    "opset": _change_opset,
    "large": _enlarge,
}


@st.composite
def onnx_files(draw: st.DrawFn) -> bytes:
    """The small file with up to three changes."""
    model = onnx.ModelProto.FromString(small_model())
    kinds = [draw(KINDS) for _ in range(draw(one(0, 1, 1, 1, 2, 3)))]
    for kind in kinds:
        if kind in CHANGES:
            CHANGES[kind](draw, model)
    content = model.SerializeToString()
    if "nested" in kinds:
        content = _nested(draw, content)
    return broken(draw, content, [small_model()], 3) if "bytes" in kinds else content
