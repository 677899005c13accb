"""The same network is the same ONNX graph, whatever tf2onnx calls its values and however it sorts them."""

import random

import onnx

from captcha_ocr.export.canonical import canonical
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.quantisation import quantised
from captcha_ocr.recognizer import Recognizer
from tests.exported import exported, noise, untrained

GRAPH = """<ir_version: 10, opset_import: ["": 20]>
g (float[N, T] x, float[N] y) => (float[N] end, float[N, T] sum)
<float {a} = {{1}}, float {b} = {{2}}>
{{
  {nodes}
}}"""
NODES = {
    "{c} = Mul (x, {a})": (),
    "{d} = Exp ({c})": (0,),
    "{e} = Add ({c}, {d})": (0, 1),
    "sum = Mul ({e}, {b})": (2,),
    "{f} = Transpose <perm = [1, 0]> ({e})": (2,),
    "end = Scan <num_scan_inputs = 1, body = step (float[N] {g}, float[N] {h}) => (float[N] {i}) {{ "
    "{j} = Mul ({g}, {b}) {i} = Add ({j}, {h}) }}> (y, {f})": (4,),
}


def model(seed: int) -> onnx.ModelProto:
    """The same graph with other names, and its nodes in another valid order, by `seed`."""
    rng = random.Random(seed)
    names = {letter: f"value_{number}" for letter, number in zip("abcdefghij", rng.sample(range(99), 10), strict=True)}
    order: list[int] = []
    while len(order) < len(NODES):
        ready = [n for n, needs in enumerate(NODES.values()) if n not in order and set(needs) <= set(order)]
        order.append(rng.choice(ready))
    lines = [list(NODES)[number].format(**names) for number in order]
    text = GRAPH.format(nodes="\n  ".join(lines), **names)
    made = onnx.parser.parse_model(text)
    constants = rng.sample(list(made.graph.initializer), 2)
    del made.graph.initializer[:]
    made.graph.initializer.extend(constants)
    return made


def test_names_and_order_make_no_difference() -> None:
    found = {canonical(model(seed)).SerializeToString() for seed in range(20)}
    assert len({model(seed).SerializeToString() for seed in range(20)}) > 10
    assert len(found) == 1
    onnx.checker.check_model(onnx.ModelProto.FromString(found.pop()), full_check=True)


def test_a_graph_that_computes_something_else_stays_another() -> None:
    other = onnx.ModelProto()
    other.CopyFrom(model(0))
    next(node for node in other.graph.node if node.op_type == "Exp").op_type = "Sqrt"
    assert canonical(other).SerializeToString() != canonical(model(0)).SerializeToString()


def test_a_network_is_exported_to_the_same_bytes_again() -> None:
    """tf2onnx goes on counting, and so does Keras."""
    network, pictures = untrained(), noise(4)
    graphs = [network_to_onnx(network) for _ in range(2)]
    small = [quantised(graph, pictures) for graph in graphs]
    for pair in (graphs, small, [exported(network) for _ in range(2)]):
        first, second = (made.SerializeToString() for made in pair)
        assert first == second
    assert {value.name for value in (*graphs[0].graph.input, *graphs[0].graph.output)} == {"input", "logits"}


def test_it_reads_what_it_read_before() -> None:
    whole, pictures = exported(untrained()), noise(4)
    wanted = Recognizer.from_bytes(whole.SerializeToString(), "a").read(pictures)
    assert Recognizer.from_bytes(canonical(whole).SerializeToString(), "b").read(pictures) == wanted
