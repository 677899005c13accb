"""Refuses an ONNX file that has what no exported file has, before onnxruntime sees it.

A file from a stranger is a program. onnxruntime would read other files for its weights (on version 1.20 any file of the
machine), and compute whatever operators it names. What is checked here is the form of the file. A program of allowed
operators may still take much time and memory.
"""

from collections.abc import Iterator
from math import prod

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.onnx_file.layouts import MODEL
from captcha_ocr.onnx_file.operators import IR_VERSION, OPERATORS, OPSET
from captcha_ocr.onnx_file.wire import Decoded, WireError, decode, varints

MAX_BYTES = 2**28  # of a file: 64 million weights of 32 bits
MAX_NODES = 2**14
MAX_GRAPHS = 2  # subgraphs inside one another; exported files have one
STANDARD = ("", "ai.onnx")  # names of ONNX's own domain of operators


def _text(values: Decoded, name: str) -> str:
    """A field of text, in a form that a message may quote; empty where it is absent."""
    found = bytes(values[name][0][:100]).decode("utf-8", "replace") if name in values else ""
    return found if found.isprintable() else repr(found)


def _graphs(graph: Decoded, depth: int = 0) -> Iterator[Decoded]:
    """The graph, and all graphs in it; raises WireError where they are nested too deep."""
    if depth > MAX_GRAPHS:
        raise WireError(f"its graphs are nested deeper than {MAX_GRAPHS}")
    yield graph
    for node in graph.get("node", []):
        for attribute in node.get("attribute", []):
            for inner in attribute.get("g", []):
                yield from _graphs(inner, depth + 1)


def _check_nodes(nodes: list[Decoded]) -> None:
    for node in nodes:
        domain, operator = _text(node, "domain"), _text(node, "op_type")
        if domain not in STANDARD or operator not in OPERATORS:
            called = f"{domain}.{operator}" if domain else operator
            raise WireError(f"its operator {called} is none of those in onnx_file/operators.py")


def _check_tensor(tensor: Decoded) -> None:
    """Raises WireError where a tensor has its numbers elsewhere, or claims many more than it has."""
    if any(tensor.get("data_location", [])):
        raise WireError(f"its tensor {_text(tensor, 'name')} has its data in another file")
    dims = varints(tensor.get("dims", []))
    stored = sum(
        len(value) if isinstance(value, memoryview) else 1
        for name in ("raw_data", "float_data", "int32_data", "int64_data", "double_data", "uint64_data", "string_data")
        for value in tensor.get(name, [])
    ) + len(tensor.get("string_data", []))  # an empty string is an element, too
    if max(dims, default=0) >= 2**63 or prod(dims) > 2 * stored:  # two numbers of 4 bits in a byte
        raise WireError(f"its tensor {_text(tensor, 'name')} has {stored} bytes for the shape {dims[:9]}")


def _tensors(graph: Decoded) -> Iterator[Decoded]:
    """The tensors of a graph: its initializers, and those that are attributes of its nodes."""
    yield from graph.get("initializer", [])
    for node in graph.get("node", []):
        for attribute in node.get("attribute", []):
            yield from attribute.get("t", [])


def _check_model(model: Decoded) -> None:
    opsets = [(_text(opset, "domain"), opset.get("version")) for opset in model.get("opset_import", [])]
    if [version for domain, version in opsets if domain in STANDARD] != [[OPSET]] or len(opsets) != 1:
        raise WireError(f"it imports other operators than those of ONNX's opset {OPSET}")
    if model.get("ir_version", [0])[0] > IR_VERSION:
        raise WireError(f"it has the IR version {model['ir_version'][0]}, and exported files have {IR_VERSION} at most")
    graphs = [inner for graph in model.get("graph", []) for inner in _graphs(graph)]
    nodes = [node for graph in graphs for node in graph.get("node", [])]
    if not 0 < len(nodes) <= MAX_NODES:
        raise WireError(f"it has {len(nodes):,} operators, and 1 to {MAX_NODES:,} are allowed")
    _check_nodes(nodes)
    for graph in graphs:
        for tensor in _tensors(graph):
            _check_tensor(tensor)


def check_size(size: int, name: str) -> None:
    """Raises CaptchaOcrError for a file of more than MAX_BYTES."""
    if size > MAX_BYTES:
        raise CaptchaOcrError(f"{name} has {size:,} bytes, more than {MAX_BYTES:,}: name an exported file")


def check_onnx_file(content: bytes, name: str) -> None:
    """Raises CaptchaOcrError where the file `name` has anything that exported files do not have.

    For example weights in other files, operators beyond OPERATORS, another opset, subgraphs deeper than MAX_GRAPHS,
    tensors that are larger than their data, fields beyond `layouts`, or more bytes, nodes or fields than the limits.
    """
    check_size(len(content), name)
    try:
        _check_model(decode(content, MODEL))
    except WireError as error:
        raise CaptchaOcrError(
            f"{name} is not a file that captcha-ocr exported: {error}; export it with `dvc repro`, or name another"
        ) from None
