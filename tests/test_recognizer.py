"""The recogniser on an exported network that was never trained: it reads nonsense, and may be asked anything."""

import io
import os
import resource
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from captcha_ocr import CaptchaOcrError, Constraint, Reading, Recognizer
from tests.exported import exported, noise, untrained
from tests.modules import SOURCE

NOISE = noise(5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One network as two files, which differ in the temperature, and five pictures."""
    folder = tmp_path_factory.mktemp("recognizer")
    network = untrained()
    for name, temperature in (("plain", 1.0), ("flat", 3.0)):
        onnx.save(exported(network, temperature=temperature), folder / f"{name}.onnx")
    for i, pixels in enumerate(NOISE):
        Image.fromarray(pixels[:, :, 0]).save(folder / f"{i}.png")
    return folder


@pytest.fixture(scope="module")
def recognizer(folder: Path) -> Recognizer:
    return Recognizer.load(folder / "plain.onnx", threads=1)


def pictures(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.png"))


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_a_picture_reads_the_same_in_whatever_form_it_comes(folder: Path, recognizer: Recognizer) -> None:
    path = pictures(folder)[0]
    picture = Image.open(path)
    array = np.asarray(picture)
    forms = [path, str(path), path.read_bytes(), picture, array, array[:, :, None], picture.convert("RGBA")]
    readings = [recognizer.read(form) for form in forms]
    assert all(reading == readings[0] for reading in readings)
    assert recognizer.read(forms) == readings
    assert recognizer.read(iter(forms), batch_size=2) == readings


def test_an_array_of_four_axes_is_several_pictures(folder: Path, recognizer: Recognizer) -> None:
    assert recognizer.read(NOISE) == recognizer.read(pictures(folder))
    assert recognizer.read([]) == []


def test_readings_come_in_order_whatever_the_sizes_are(recognizer: Recognizer) -> None:
    mixed = [noise(1)[0, : 16 - i % 3, : 64 - i % 5] for i in range(20)]
    one_by_one = [recognizer.read(pixels) for pixels in mixed]
    for batch_size in (1, 7, 64):
        together = recognizer.read(mixed, batch_size)
        assert [r.text for r in together] == [r.text for r in one_by_one]
        np.testing.assert_allclose([r.confidence for r in together], [r.confidence for r in one_by_one], rtol=1e-4)


def test_there_is_a_confidence_for_every_symbol(recognizer: Recognizer) -> None:
    readings = recognizer.read(NOISE)
    assert any(reading.text for reading in readings)
    for reading in readings:
        assert len(reading.symbol_confidences) == len(reading.text)
        assert 0 <= reading.confidence <= 1
        assert all(0 < share <= 1 for share in reading.symbol_confidences)


def test_a_reading_cannot_be_changed(recognizer: Recognizer) -> None:
    with pytest.raises(AttributeError):
        recognizer.read(NOISE[0]).text = "other"


def test_what_cannot_be_read_is_named_and_the_rest_is_read(folder: Path, recognizer: Recognizer) -> None:
    sources = [NOISE[0], b"no picture", folder / "missing.png", NOISE[1]]
    first, second, third, fourth = recognizer.attempt(sources)
    assert isinstance(second, CaptchaOcrError)
    assert "picture 1 (bytes) cannot be decoded" in str(second)
    assert "missing.png cannot be decoded" in str(third)
    assert [first, fourth] == recognizer.read(NOISE[:2])
    with pytest.raises(CaptchaOcrError, match=r"picture 1 \(bytes\)"):
        recognizer.read(sources)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (np.zeros((4, 4)), "uint8"),
        (np.zeros((4, 4, 5), np.uint8), r"shape \(4, 4, 5\)"),
        (np.zeros((0, 4), np.uint8), "nothing to read"),
        (Image.new("F", (4, 4)), "32-bit pixels"),
        (Image.new("L", (10_000, 10_000)), "10000 × 10000 pixels"),
        (7, "is a int"),
    ],
)
def test_a_source_that_is_no_picture_is_refused(recognizer: Recognizer, source: object, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=f"picture 0 .*{said}"):
        recognizer.read(source)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (64, 16), (300, 200)])
def test_every_mode_and_size_is_read(recognizer: Recognizer, mode: str, size: tuple[int, int]) -> None:
    assert isinstance(recognizer.read(Image.new(mode, size)), Reading)


@settings(max_examples=150)
@given(data=st.binary(max_size=400), cut=st.integers(0, 600), place=st.integers(0, 599), value=st.integers(0, 255))
def test_damaged_files_are_read_or_refused_by_name(
    recognizer: Recognizer, data: bytes, cut: int, place: int, value: int
) -> None:
    """Random bytes, a truncated file, and one with a byte changed."""
    whole = png(Image.fromarray(NOISE[0, :, :, 0]))
    changed = bytearray(whole)
    changed[place % len(whole)] = value
    for source in (data, whole[:cut], bytes(changed)):
        (outcome,) = recognizer.attempt([source])
        assert isinstance(outcome, Reading) or "picture 0 (bytes)" in str(outcome)


def test_many_threads_share_one_recognizer(recognizer: Recognizer) -> None:
    """No answer is wrong or swapped, and memory stays flat."""
    crowd = noise(40, seed=1)
    wanted = [reading.text for reading in recognizer.read(crowd, batch_size=1)]
    jobs = np.random.default_rng(2).integers(0, len(crowd), 4000)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda i: recognizer.read(crowd[i]).text == wanted[i], jobs[:500]))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert all(pool.map(lambda i: recognizer.read(crowd[i]).text == wanted[i], jobs))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8000  # kilobytes


REQUEST = """
import io, resource, sys
from PIL import Image
from captcha_ocr import Recognizer
file = io.BytesIO()
Image.new("RGB", (2048, 2048)).save(file, "PNG")
recognizer = Recognizer.load(sys.argv[1], threads=1)
readings = recognizer.read([file.getvalue()] * int(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000)
"""


KEPT = """
import resource, sys
from pathlib import Path
import numpy as np
from captcha_ocr import Recognizer
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 10**6
recognizer = Recognizer.load(sys.argv[1], threads=1)
recognizer.read(np.zeros((50, 200, 1), np.uint8))
before = resident()
recognizer.read(np.zeros((3000, 3000, 1), np.uint8))
print(resident() - before)
"""


def megabytes(script: str, *arguments: object) -> int:
    """What the script prints, in a process whose memory no other test has used."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(SOURCE)}
    return int(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)


def test_memory_does_not_grow_with_the_number_of_large_pictures(folder: Path) -> None:
    one, six = (megabytes(REQUEST, folder / "plain.onnx", count) for count in (1, 6))
    assert six - one < 50, (one, six)  # the pixels of the six have 75


def test_what_one_large_picture_takes_is_given_back(folder: Path) -> None:
    assert megabytes(KEPT, folder / "plain.onnx") < 60  # reading it takes several times as much


def test_an_error_in_place_of_a_picture_keeps_its_place(recognizer: Recognizer) -> None:
    error = CaptchaOcrError("row 1 is empty")
    first, second, third = recognizer.attempt([NOISE[0], error, NOISE[1]])
    assert second is error
    assert [first, third] == recognizer.read(NOISE[:2])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda r: r.read([NOISE[0]], 0), "batch_size is 0"),
        (lambda r: r.candidates(NOISE[0], 0), "0 candidates of a picture: ask for 1 to 1000"),
        (lambda r: r.candidates(NOISE[0], 10**9), "1000000000 candidates"),
        (lambda r: Recognizer.from_bytes(b"", "a", threads=-1), "threads is -1"),
        (lambda r: Recognizer.from_bytes(b"", "a", threads=10**6), "threads is 1000000: give 1 to 1024"),
    ],
)
def test_numbers_out_of_bounds_are_refused_with_the_bound(recognizer: Recognizer, call, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        call(recognizer)


@pytest.mark.parametrize(
    ("constraint", "holds"),
    [
        (Constraint(symbols="b1"), lambda text: set(text) <= set("b1")),
        (Constraint.exact_length(3), lambda text: len(text) == 3),
        (Constraint(pattern=r"[ab]{2}\d"), lambda text: set(text[:2]) <= set("ab") and text[2:] == "1"),
    ],
)
def test_a_reading_satisfies_its_constraint(recognizer: Recognizer, constraint: Constraint, holds) -> None:
    readings = recognizer.read(NOISE, constraint=constraint)
    assert all(holds(reading.text) for reading in readings)
    assert all(len(reading.symbol_confidences) == len(reading.text) for reading in readings)


def test_a_constraint_that_leaves_one_text_makes_it_certain(recognizer: Recognizer) -> None:
    readings = recognizer.read(NOISE, constraint=Constraint(pattern="ab1a"))
    assert [reading.text for reading in readings] == ["ab1a"] * 5
    assert [reading.confidence for reading in readings] == pytest.approx([1.0] * 5)


def test_candidates_come_most_probable_first_and_share_one_probability(recognizer: Recognizer) -> None:
    for picture in NOISE:
        candidates = recognizer.candidates(picture, 3, Constraint.exact_length(1))
        shares = [candidate.confidence for candidate in candidates]
        assert {candidate.text for candidate in candidates} == set("ab1")
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)


def test_a_constrained_reading_is_the_first_candidate(recognizer: Recognizer) -> None:
    constraint = Constraint(min_length=2)
    readings = recognizer.read(NOISE, batch_size=1, constraint=constraint)
    assert readings == [recognizer.candidates(picture, 4, constraint)[0] for picture in NOISE]


def test_the_temperature_of_the_file_changes_confidences_and_no_text(folder: Path, recognizer: Recognizer) -> None:
    plain, flat = recognizer.read(NOISE), Recognizer.load(folder / "flat.onnx").read(NOISE)
    assert [r.text for r in plain] == [r.text for r in flat]
    assert all(a.confidence > b.confidence for a, b in zip(plain, flat, strict=True))


def test_a_constraint_that_no_text_can_satisfy_is_said(recognizer: Recognizer) -> None:
    """The network has eight time steps."""
    with pytest.raises(CaptchaOcrError, match="needs 9 time steps at least, and the network has 8"):
        recognizer.read(NOISE, constraint=Constraint.exact_length(9))


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "does not exist"), (b"no model", "is not a file that captcha-ocr exported"), ("foreign", "Sin is none of")],
)
def test_a_file_that_is_no_recogniser_is_refused(tmp_path: Path, content: bytes | str | None, said: str) -> None:
    path = tmp_path / "model.onnx"
    if content == "foreign":
        text = '<ir_version: 10, opset_import: ["": 20]> g (float[N] x) => (float[N] y) { y = Sin (x) }'
        onnx.save(onnx.parser.parse_model(text), path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(CaptchaOcrError, match=said):
        Recognizer.load(path)


def test_for_a_registered_model_the_function_that_loads_it_is_named() -> None:
    with pytest.raises(CaptchaOcrError, match=r"^models:/reader@champion is in .*: load it with .*\.load_registered"):
        Recognizer.load("models:/reader@champion")
