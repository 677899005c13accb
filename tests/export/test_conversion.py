from typing import Any

import numpy as np
import onnx
import pytest

from captcha_ocr.ctc.codec import Codec
from captcha_ocr.ctc.greedy_decoder import read_greedily
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.parity import compare
from captcha_ocr.export.quantisation import quantised
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.network.architectures import ARCHITECTURES, complete_train_params
from captcha_ocr.onnx_file.session import OUTPUTS
from captcha_ocr.params.params import load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.pictures.preprocessing import to_input
from captcha_ocr.recognizer import Recognizer
from tests.exported import INPUT_SIZE, exported, metadata, noise, untrained
from tests.modules import ROOT

SECTION = load_params(ROOT / "params.yaml").train
ALPHABET = "2345678bcdefgmnpwxy"


# What a network is asked for beside its own recipe. For two lines, `compact` cuts the height of its map, and `keras_io`
# that of its columns.
FORMS: dict[str, dict[str, Any]] = {
    "compact": {"channels": 3, "fit": "pad", "lines": 2},
    "keras_io": {"fit": "pad", "lines": 2},
}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_reads_pictures_of_any_shape_the_same_in_onnx_at_any_batch(name: str) -> None:
    section = SECTION.model_copy(update={"architecture": name} | FORMS.get(name, {}))
    input_size = complete_train_params(section).input_size
    rng, network = np.random.default_rng(0), untrained(input_size, ALPHABET, name)
    pictures = [
        rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
        for width, height in [(96, 48), (20, 30), (300, 20), (1, 1)]
    ]
    inputs = np.stack([to_input(pixels, input_size) for pixels in pictures])
    wanted = read_greedily(np.asarray(network.predict_on_batch(inputs)), Codec(ALPHABET), 1.3)
    model = exported(network, input_size, ALPHABET, temperature=1.3)
    recognizer = Recognizer.from_bytes(model.SerializeToString(), name)
    compare(recognizer, pictures, list("abcd"), wanted).raise_mismatch(1e-5)


def test_eight_bits_take_colour_padding_and_two_lines_too() -> None:
    input_size = InputSize(64, 32, channels=3, fit="pad", lines=2)
    network, pictures = untrained(input_size), noise(16, input_size)
    graph, outputs = network_to_onnx(network), []
    for model in (graph, quantised(graph, pictures)):
        whole = whole_graph(model, Codec("ab1"), input_size, network.output_shape[1], 1.0)
        recognizer = Recognizer.from_bytes(with_metadata(whole, {"alphabet": "ab1"}).SerializeToString(), "a")
        outputs.append(np.exp(np.stack([reading.log_probs for reading in recognizer.read(pictures)])))
    assert 0 < np.abs(outputs[0] - outputs[1]).max() < 0.25


def test_the_file_has_the_announced_inputs_and_outputs_and_standard_operators() -> None:
    model = exported(untrained())
    assert [value.name for value in model.graph.input] == ["image"]
    assert tuple(value.name for value in model.graph.output) == tuple(OUTPUTS)
    free = [dim.dim_param for dim in model.graph.input[0].type.tensor_type.shape.dim]
    assert len(set(free)) == 4
    assert all(free)
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 20)]
    assert model.ir_version <= 10  # what onnxruntime 1.20 reads
    assert metadata(model) == {"alphabet": "ab1"}


def test_eight_bits_weigh_less_and_read_nearly_the_same() -> None:
    network, pictures = untrained(INPUT_SIZE, ALPHABET), noise(64)
    graph = network_to_onnx(network)
    small = whole_graph(quantised(graph, pictures), Codec(ALPHABET), INPUT_SIZE, network.output_shape[1], 1.0)
    whole = whole_graph(graph, Codec(ALPHABET), INPUT_SIZE, network.output_shape[1], 1.0)
    assert small.ByteSize() < 0.5 * whole.ByteSize()
    assert {node.op_type for node in small.graph.node} >= {"QuantizeLinear", "DequantizeLinear"}
    assert onnx.numpy_helper.to_array(whole.graph.initializer[0]).dtype != np.int8
    outputs = []
    for model in (small, whole):
        model.metadata_props.add(key="captcha_ocr", value='{"alphabet": "2345678bcdefgmnpwxy"}')
        readings = Recognizer.from_bytes(model.SerializeToString(), "a").read(pictures)
        outputs.append(np.exp(np.stack([reading.log_probs for reading in readings])))
    assert 0 < np.abs(outputs[0] - outputs[1]).max() < 0.25
