"""The recogniser on an exported network that was never trained: it reads nonsense, and may be asked anything."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import onnx
import pytest
from PIL import Image

from captcha_ocr.core.constraints import Constraint
from captcha_ocr.core.errors import CaptchaOcrError
from captcha_ocr.core.input_size import InputSize
from captcha_ocr.delivery.export import to_onnx
from captcha_ocr.learning.architectures import build_network
from captcha_ocr.recognizer import Recognizer

FACTS: dict[str, Any] = {"alphabet": "ab1", "image": {"width": 64, "height": 16}, "temperature": 1.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One network as three files, which differ in the temperature that they carry, and five pictures."""
    folder = tmp_path_factory.mktemp("recognizer")
    keras.utils.set_random_seed(0)
    network = build_network("compact", InputSize(64, 16), classes=4)
    network.layers[-1].set_weights([weight * 3 for weight in network.layers[-1].get_weights()])
    untempered = {key: value for key, value in FACTS.items() if key != "temperature"}
    for name, facts in (("plain", FACTS), ("flat", FACTS | {"temperature": 3.0}), ("old", untempered)):
        onnx.save(to_onnx(network, 17, facts), folder / f"{name}.onnx")
    for i, pixels in enumerate(np.random.default_rng(0).integers(0, 255, (5, 16, 64)).astype(np.uint8)):
        Image.fromarray(pixels).save(folder / f"{i}.png")
    return folder


def pictures(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.png"))


@pytest.mark.parametrize(
    ("constraint", "holds"),
    [
        (Constraint(symbols="b1"), lambda text: set(text) <= set("b1")),
        (Constraint.exact_length(3), lambda text: len(text) == 3),
        (Constraint(pattern=r"[ab]{2}\d"), lambda text: set(text[:2]) <= set("ab") and text[2:] == "1"),
    ],
)
def test_a_reading_satisfies_its_constraint(folder: Path, constraint: Constraint, holds) -> None:
    readings = Recognizer.load(folder / "plain.onnx").read(pictures(folder), constraint=constraint)
    assert all(holds(reading.text) for reading in readings)


def test_a_constraint_that_leaves_one_text_makes_it_certain(folder: Path) -> None:
    readings = Recognizer.load(folder / "plain.onnx").read(pictures(folder), constraint=Constraint(pattern="ab1a"))
    assert [reading.text for reading in readings] == ["ab1a"] * 5
    assert [reading.confidence for reading in readings] == pytest.approx([1.0] * 5)


def test_candidates_come_most_probable_first_and_share_one_probability(folder: Path) -> None:
    recognizer = Recognizer.load(folder / "plain.onnx")
    for candidates in recognizer.candidates(pictures(folder), 3, Constraint.exact_length(1)):
        shares = [candidate.confidence for candidate in candidates]
        assert {candidate.text for candidate in candidates} == set("ab1")
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)


def test_a_constrained_reading_is_the_first_candidate(folder: Path) -> None:
    recognizer, constraint = Recognizer.load(folder / "plain.onnx"), Constraint(min_length=2)
    readings = recognizer.read(pictures(folder), batch_size=2, constraint=constraint)
    assert readings == [first for first, *_ in recognizer.candidates(pictures(folder), 4, constraint)]


def test_the_temperature_of_the_file_changes_confidences_and_no_text(folder: Path) -> None:
    files = [folder / f"{name}.onnx" for name in ("plain", "flat", "old")]
    plain, flat, old = (Recognizer.load(file).read(pictures(folder)) for file in files)
    assert [r.text for r in plain] == [r.text for r in flat]
    assert all(a.confidence > b.confidence for a, b in zip(plain, flat, strict=True))
    assert plain == old


def test_there_is_a_confidence_for_every_symbol_and_none_is_below_the_text_s(folder: Path) -> None:
    for reading in Recognizer.load(folder / "plain.onnx").read(pictures(folder)):
        assert len(reading.symbol_confidences) == len(reading.text)
        assert all(share >= reading.confidence - 1e-9 for share in reading.symbol_confidences)


def test_a_constraint_that_no_text_can_satisfy_is_said(folder: Path) -> None:
    """The network has eight time steps."""
    with pytest.raises(CaptchaOcrError, match="needs 9 time steps at least, and the network has 8"):
        Recognizer.load(folder / "plain.onnx").read(pictures(folder), constraint=Constraint.exact_length(9))
