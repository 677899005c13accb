"""Exports the network with the shipped weights: `python -m captcha_ocr.labelling.shipped FILE`."""

import sys
from pathlib import Path

from captcha_ocr.base.files import write_bytes
from captcha_ocr.export.conversion import network_to_onnx
from captcha_ocr.export.whole_graph import whole_graph, with_metadata
from captcha_ocr.network.architectures import compact
from captcha_ocr.train.pretrained import copy_shipped_weights, shipped_codec

ARCHITECTURE = "compact"
UNCALIBRATED = 1.0  # the temperature: no label is at hand from which to find a better one


def shipped_model() -> bytes:
    """An exported file that reads with the shipped weights, in their whole alphabet."""
    codec, size = shipped_codec(ARCHITECTURE), compact.RECIPE.input_size
    network = compact.build(size, codec.classes)
    copy_shipped_weights(network, codec, ARCHITECTURE)
    graph = whole_graph(network_to_onnx(network), codec, size, network.output_shape[1], UNCALIBRATED)
    file: bytes = with_metadata(graph, {"alphabet": codec.alphabet}).SerializeToString()
    return file


if __name__ == "__main__":
    write_bytes(Path(sys.argv[1]), shipped_model())
