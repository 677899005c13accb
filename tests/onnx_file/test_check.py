"""Files that pretend to be exported ones: refused before onnxruntime sees them."""

from collections.abc import Callable
from types import ModuleType

import onnx
import pytest
from onnx import TensorProto, helper

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.onnx_file import check, session, wire
from captcha_ocr.onnx_file.check import check_onnx_file
from captcha_ocr.onnx_file.operators import IR_VERSION, OPSET
from captcha_ocr.pictures import preprocessing
from captcha_ocr.recognizer import Recognizer
from tests.exported import exported, noise, untrained


@pytest.fixture(scope="module")
def sound() -> onnx.ModelProto:
    return exported(untrained())


@pytest.fixture
def model(sound: onnx.ModelProto) -> onnx.ModelProto:
    """A copy that a test may change."""
    copy = onnx.ModelProto()
    copy.CopyFrom(sound)
    return copy


def external(tensor: TensorProto, location: str) -> None:
    tensor.data_location = TensorProto.EXTERNAL
    tensor.ClearField("raw_data")
    tensor.external_data.add(key="location", value=location)


def in_scan(model: onnx.ModelProto) -> onnx.GraphProto:
    (scan,) = [node for node in model.graph.node if node.op_type == "Scan"]
    return next(attribute.g for attribute in scan.attribute if attribute.HasField("g"))


def constant(tensor: TensorProto) -> onnx.NodeProto:
    return helper.make_node("Constant", [], ["unused"], value=tensor)


def tensor() -> TensorProto:
    return helper.make_tensor("hidden", TensorProto.UINT8, [1], b"a", raw=True)


def external_constant(graph: onnx.GraphProto) -> None:
    graph.node.insert(0, constant(tensor()))
    external(graph.node[0].attribute[0].t, "/etc/passwd")


def nested(depth: int) -> onnx.NodeProto:
    graph = helper.make_graph([helper.make_node("Identity", ["a"], ["b"])], "g", [], [])
    for _ in range(depth):
        graph = helper.make_graph([helper.make_node("Scan", ["a"], ["b"], body=graph, num_scan_inputs=1)], "g", [], [])
    return graph.node[0]


HOSTILE: list[tuple[str, Callable[[onnx.ModelProto], object]]] = [
    ("field 13 of TensorProto", lambda m: external(m.graph.initializer[0], "/etc/passwd")),
    ("field 13 of TensorProto", lambda m: external(m.graph.initializer[0], "*/_ORT_MEM_ADDR_/*")),
    ("field 13 of TensorProto", lambda m: external_constant(m.graph)),
    ("field 13 of TensorProto", lambda m: external_constant(in_scan(m))),
    ("has its data in another file", lambda m: setattr(m.graph.initializer[0], "data_location", TensorProto.EXTERNAL)),
    ("operator com.microsoft.Shape is none", lambda m: setattr(m.graph.node[0], "domain", "com.microsoft")),
    ("operator ImageDecoder is none", lambda m: setattr(m.graph.node[0], "op_type", "ImageDecoder")),
    ("operator If is none", lambda m: setattr(in_scan(m).node[0], "op_type", "If")),
    ("imports other operators", lambda m: m.opset_import.add(domain="com.microsoft", version=1)),
    ("than those of ONNX's opset 20", lambda m: setattr(m.opset_import[0], "version", 25)),
    ("IR version 99", lambda m: setattr(m, "ir_version", 99)),
    ("graphs are nested deeper than 2", lambda m: m.graph.node.append(nested(3))),
    ("messages are nested deeper than 12", lambda m: m.graph.node.append(nested(9))),
    (
        "has 1 bytes for the shape",
        lambda m: m.graph.initializer.add(name="x", dims=[2**30], data_type=2, raw_data=b"a"),
    ),
    ("field 25 of ModelProto", lambda m: m.functions.add(name="f")),
    ("field 20 of ModelProto", lambda m: m.training_info.add()),
    ("field 15 of GraphProto", lambda m: m.graph.sparse_initializer.add()),
]


@pytest.mark.parametrize(("said", "change"), HOSTILE, ids=range(len(HOSTILE)))
def test_what_no_exported_file_has_is_refused_before_a_session_exists(
    said: str,
    change: Callable[[onnx.ModelProto], object],
    model: onnx.ModelProto,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change(model)
    monkeypatch.setattr(session, "InferenceSession", None)
    with pytest.raises(CaptchaOcrError, match=f"a is not a file that captcha-ocr exported: .*{said}"):
        Recognizer.from_bytes(model.SerializeToString(), "a")


def test_a_file_that_is_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "MAX_BYTES", 9)
    with pytest.raises(CaptchaOcrError, match="a has 10 bytes, more than 9"):
        check_onnx_file(bytes(10), "a")


@pytest.mark.parametrize(
    ("module", "limit", "said"),
    [(check, "MAX_NODES", r"operators, and 1 to 9 are allowed"), (wire, "MAX_FIELDS", "more than 9 fields")],
)
def test_operators_and_fields_are_counted(
    module: ModuleType, limit: str, said: str, sound: onnx.ModelProto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, 9)
    with pytest.raises(CaptchaOcrError, match=said):
        check_onnx_file(sound.SerializeToString(), "a")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x08", "a number in it does not end"),
        (b"\x08" + b"\xff" * 11, "a number in it does not end"),
        (b"\x12\x05ab", "it ends too early"),
        (b"\x12\x01a\x12\x01b", "ModelProto.producer_name occurs twice"),
        (b"\x0b", "field 1 of ModelProto, of wire type 3"),
        (b"", "imports other operators"),
    ],
)
def test_bytes_that_are_no_message_are_named(content: bytes, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        check_onnx_file(content, "a")


def test_onnxruntime_s_own_format_is_not_taken_for_onnx(sound: onnx.ModelProto) -> None:
    """Its mark, ORTM in the bytes 4 to 8, may stand in an ONNX file, too: here in a name that comes first."""
    name = b"\x12\x08" + b"abORTMcd"
    rest = onnx.ModelProto.FromString(sound.SerializeToString())
    rest.ClearField("producer_name")
    content = name + rest.SerializeToString()
    assert content[4:8] == b"ORTM"
    assert Recognizer.from_bytes(content, "a").read(noise(1))


def test_the_versions_are_those_of_the_export() -> None:
    assert (preprocessing.OPSET, preprocessing.IR_VERSION) == (OPSET, IR_VERSION)


@pytest.mark.parametrize("packed", [b"\x01\x96\x01", memoryview(b"\x01\x96\x01")])
def test_packed_numbers_are_numbers(packed: bytes) -> None:
    assert wire.varints([packed, 7]) == [1, 150, 7]


@pytest.mark.parametrize(
    ("metadata", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "names no alphabet"),
        ("{}", "names no alphabet"),
        ('{"alphabet": ""}', "names no alphabet"),
        ('{"alphabet": 7}', "names no alphabet"),
        ('{"alphabet": ["a", "b", "1"]}', "names no alphabet"),
        ('{"alphabet": "aba"}', "a symbol that occurs twice"),
        ('{"alphabet": "ab\\ud800"}', "half a surrogate pair"),
        ('{"alphabet": "abcd"}', "4 classes for 4 symbols and the blank"),
        (b'\xff{"alphabet": "ab1"}', "onnxruntime can load"),
    ],
)
def test_metadata_without_a_usable_alphabet_is_refused(
    metadata: str | bytes, said: str, model: onnx.ModelProto
) -> None:
    model.metadata_props[0].value = "M" * len(metadata)
    content = model.SerializeToString().replace(
        b"M" * len(metadata), metadata if isinstance(metadata, bytes) else metadata.encode()
    )
    with pytest.raises(CaptchaOcrError, match=said):
        Recognizer.from_bytes(content, "a")


def test_other_inputs_and_outputs_are_refused(model: onnx.ModelProto) -> None:
    model.graph.output.pop()
    with pytest.raises(CaptchaOcrError, match="a was not exported by this version"):
        Recognizer.from_bytes(model.SerializeToString(), "a")


def test_a_model_that_fails_at_a_picture_is_named(model: onnx.ModelProto) -> None:
    """Its vocabulary has symbols that its alphabet lacks."""
    (vocabulary,) = [t for t in model.graph.initializer if t.name.endswith("vocabulary")]
    vocabulary.string_data[1:] = [b"<script>"] * 3
    with pytest.raises(CaptchaOcrError, match="the model gives texts with '<', '>', 'c', 'i'"):
        Recognizer.from_bytes(model.SerializeToString(), "a").read(noise(40))
