"""Gives the same network the same ONNX graph, whichever process converts it.

tf2onnx numbers names by a counter of its process and sorts by them, so that names and orders differ each time. Here
nodes are sorted by what they compute, and named by their place.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import onnx

Names = dict[str, str]  # by the name that a value had


def canonical(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with nodes, initializers and names as they follow from its graph alone.

    Inputs and outputs keep their names. What no output needs is left out, and so are descriptions.
    """
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    copy.doc_string = ""
    _sort(copy.graph)
    kept = [value.name for value in (*copy.graph.input, *copy.graph.output)]
    _rename(copy.graph, dict(zip(kept, kept, strict=True)), "")
    _rename_dimensions(copy.graph, {})
    return copy


def _subgraphs(node: onnx.NodeProto) -> Iterator[onnx.GraphProto]:
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield attribute.g
        yield from attribute.graphs


def _from_outside(graph: onnx.GraphProto) -> list[str]:
    """The values of the surrounding graphs that a subgraph uses, in the order of their first use."""
    own = {value.name for value in (*graph.input, *graph.initializer)}
    own |= {name for node in graph.node for name in node.output}
    used = [name for node in graph.node for name in _needs(node)] + [value.name for value in graph.output]
    return [name for name in dict.fromkeys(used) if name not in own]


def _needs(node: onnx.NodeProto) -> list[str]:
    """The values that a node uses, itself or in its subgraphs; an input that is left out has no name."""
    inside = (name for graph in _subgraphs(node) for name in _from_outside(graph))
    return [name for name in (*node.input, *inside) if name]


def _settle_copies(graph: onnx.GraphProto) -> None:
    """Where two outputs are the same value, so that one is an Identity of the other, lets the first be the value.

    tf2onnx takes the one or the other by chance.
    """
    original = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    places = {value.name: place for place, value in enumerate(graph.output)}
    for place, value in enumerate(graph.output):
        other = places.get(original.get(value.name, ""), -1)
        if other > place:
            value.name, graph.output[other].name = graph.output[other].name, value.name


def _sort(graph: onnx.GraphProto) -> None:
    """Sorts the nodes: each after those that it needs, these in the order of its inputs. Drops nodes without use."""
    for node in graph.node:
        for inner in _subgraphs(node):
            _settle_copies(inner)
            _sort(inner)
    maker = {name: node for node in graph.node for name in node.output if name}
    done: dict[int, onnx.NodeProto] = {}
    waiting = [maker[value.name] for value in reversed(graph.output) if value.name in maker]
    while waiting:
        node = waiting[-1]
        missing = [maker[name] for name in _needs(node) if name in maker and id(maker[name]) not in done]
        if missing:
            waiting += reversed(missing)
        else:
            done[id(node)] = waiting.pop()
    ordered = [onnx.NodeProto.FromString(node.SerializeToString()) for node in done.values()]
    del graph.node[:]
    graph.node.extend(ordered)


def _rename(graph: onnx.GraphProto, names: Names, prefix: str) -> None:
    """Renames all that a graph defines, and what it uses by `names`, to which its own values are added."""
    constants = {tensor.name: tensor for tensor in graph.initializer}
    for number, node in enumerate(graph.node):
        node.name, node.doc_string = f"{prefix}{node.op_type}_{number}", ""
        if not node.domain:
            node.ClearField("domain")  # it may be stored, empty, or absent
        _name(names, [name for name in _needs(node) if name in constants], f"{node.name}/constant")
        _name(names, node.output, f"{node.name}/output")
        for values in (node.input, node.output):
            values[:] = [names[name] if name else "" for name in values]
        for inner in _subgraphs(node):
            within = dict(names)
            _name(within, [value.name for value in inner.input], f"{node.name}/input")
            _rename(inner, within, f"{node.name}/")
            inner.name = f"{node.name}/graph"
    _name(names, [value.name for value in graph.output], f"{prefix}output")
    graph.doc_string = ""
    places = {name: place for place, name in enumerate(names)}
    _replace(graph.initializer, [t for t in constants.values() if t.name in names], names, places)
    _replace(graph.value_info, [v for v in graph.value_info if v.name in names], names, places)
    for value in (*graph.input, *graph.output):
        value.name = names[value.name]


def _rename_dimensions(graph: onnx.GraphProto, names: Names) -> None:
    """Numbers the dimensions of unknown length, in the order in which they occur."""
    for value in (*graph.input, *graph.output, *graph.value_info):
        for dimension in value.type.tensor_type.shape.dim:
            if dimension.dim_param:
                dimension.dim_param = names.setdefault(dimension.dim_param, f"length_{len(names)}")
    for node in graph.node:
        for inner in _subgraphs(node):
            _rename_dimensions(inner, names)


def _name(names: Names, values: Sequence[str], label: str) -> None:
    """Adds names for those of `values` that have none yet."""
    for number, value in enumerate(values):
        if value:
            names.setdefault(value, f"{label}_{number}")


def _replace(field: Any, kept: Sequence[Any], names: Names, places: dict[str, int]) -> None:
    """Leaves those that are `kept` in the field, by their new names and in the order of `places`."""
    found = [type(one).FromString(one.SerializeToString()) for one in sorted(kept, key=lambda one: places[one.name])]
    for one in found:
        one.name = names[one.name]
    del field[:]
    field.extend(found)
