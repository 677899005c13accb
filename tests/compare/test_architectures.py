from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from captcha_ocr.artifacts.history import Epoch, History
from captcha_ocr.compare.architectures import Result, as_markdown, draw, latencies, table
from captcha_ocr.compare.fits import ComparedFit
from tests.examples import METRICS, RECORD


def model() -> bytes:
    """Passes its pictures on: the smallest graph with this project's input."""
    image = helper.make_tensor_value_info("image", TensorProto.UINT8, ["n", 4, 6, 1])
    out = helper.make_tensor_value_info("probabilities", TensorProto.UINT8, ["n", 4, 6, 1])
    graph = helper.make_graph([helper.make_node("Identity", ["image"], ["probabilities"])], "g", [image], [out])
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(proto)
    return proto.SerializeToString()


def result(fit: ComparedFit, exact_by_epoch: list[float]) -> Result:
    epochs = [Epoch(i, i, 1.0, 1.0, 0.0, exact, 1e-3, 2.0 * i) for i, exact in enumerate(exact_by_epoch, 1)]
    return Result(fit, METRICS, RECORD, History.from_rows(epochs), model())


OURS, OWN = ComparedFit("net", "project"), ComparedFit("net", "own")
RESULTS = [result(OURS, [0.5, 0.98, 0.97]), result(OWN, [0.0, 0.1, 0.9])]


def test_the_table_says_what_each_reads_costs_and_weighs() -> None:
    frame = table(RESULTS, {OURS: 0.5, OWN: 1.25})
    ours, own = as_markdown(frame).strip().splitlines()[2:]
    size = f"{len(model()) / 1000:,.0f} kB"
    assert (
        ours
        == f"| `net` | this project's | 99.0 % (94.6 to 99.8) | 0.20 % | 160,036 | 3 | 6 s | 4 s | 0.50 ms | {size} |"
    )
    assert own.startswith("| `net` | as published |")
    assert "| never | 1.25 ms |" in own


def test_each_model_is_timed_on_its_own_pictures() -> None:
    pictures = {fit: np.zeros((2, 4, 6, 1), np.uint8) for fit in (OURS, OWN)}
    taken = latencies(RESULTS, pictures)
    assert set(taken) == {OURS, OWN}
    assert all(ms > 0 for ms in taken.values())
    with pytest.raises(KeyError):
        latencies(RESULTS, {OURS: pictures[OURS]})


def test_the_plot_is_drawn(tmp_path: Path) -> None:
    draw(RESULTS, tmp_path / "comparison.png")
    assert (tmp_path / "comparison.png").stat().st_size > 10_000
