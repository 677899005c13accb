"""The .NET example in a folder of its own, with the model and the pictures of the pipeline: `make dotnet`."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.modules import ROOT
from tests.packed import unpacked
from tests.telemetry import FILES, SWITCH, left_behind, unguarded

pytestmark = pytest.mark.skipif("not config.getoption('dotnet')", reason="run by `make dotnet`, where .NET 10 is")
MODELS = ("model.onnx", "model.int8.onnx")
BUILT = Path("bin", "Debug", "net10.0", "CaptchaReader.dll")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the example, built."""
    folder = tmp_path_factory.mktemp("dotnet") / "example"
    shutil.copytree(ROOT / "examples" / "dotnet", folder, ignore=shutil.ignore_patterns("bin", "obj"))
    # A build server would outlive the test.
    subprocess.run(["dotnet", "build", "--nologo", "--disable-build-servers"], cwd=folder, check=True)
    return folder


def model_file(name: str) -> Path:
    """A file that the pipeline exported."""
    path = ROOT / "models" / name
    assert path.is_file(), f"{path} is missing: run `make repro` first"
    return path


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """25 of the pipeline's pictures: real captchas where the archive is at hand, else rendered ones."""
    found = unpacked(ROOT / "data" / "pictures", tmp_path_factory.mktemp("pictures"), 25)
    assert len(found) == 25, "data/pictures has too few pictures: run `make repro` first"
    return found


def read(example: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The example's answer to a command line."""
    command = ["dotnet", "run", "--no-build", "--", *map(str, arguments)]
    return subprocess.run(command, cwd=example, capture_output=True, text=True, check=False)


def texts(output: str) -> list[list[str]]:
    """Path and text of each line."""
    return [line.split("\t")[:2] for line in output.splitlines()]


def reasons(output: str, path: Path) -> list[str]:
    """What was said of a path."""
    return [line for line in output.splitlines() if line.startswith(f"{path}: ") and line != f"{path}: "]


@pytest.mark.parametrize("name", MODELS)
def test_it_reads_what_captcha_ocr_read_reads(name: str, example: Path, pictures: list[Path]) -> None:
    model = model_file(name)
    command = [sys.executable, "-m", "captcha_ocr.cli.main", "read", "--model", str(model), *map(str, pictures)]
    wanted = subprocess.run(command, capture_output=True, text=True, check=True)
    done = read(example, model, *pictures)
    assert done.returncode == 0, done.stderr
    assert texts(done.stdout) == texts(wanted.stdout)
    assert len(texts(wanted.stdout)) == len(pictures)


def test_what_is_no_picture_is_named_and_the_others_are_read(
    example: Path, pictures: list[Path], tmp_path: Path
) -> None:
    first, second = pictures[:2]
    missing, other, cut, folder = bad = [tmp_path / name for name in ("missing.png", "text.png", "cut.png", "folder")]
    other.write_bytes(b"no picture")
    cut.write_bytes(first.read_bytes()[: first.stat().st_size // 2])
    folder.mkdir()
    done = read(example, model_file("model.onnx"), first, missing, other, cut, folder, second)
    assert done.returncode == 1
    assert [path for path, _ in texts(done.stdout)] == [str(first), str(second)]
    assert {path.name: len(reasons(done.stderr, path)) for path in bad} == {path.name: 1 for path in bad}
    assert reasons(done.stderr, cut) == [f"{cut}: cannot be decoded"]
    assert reasons(done.stderr, folder) == [f"{folder}: is a folder"]


@pytest.mark.parametrize("content", [None, b"no model"], ids=["missing", "no model"])
def test_a_file_that_is_no_model_is_named(
    content: bytes | None, example: Path, pictures: list[Path], tmp_path: Path
) -> None:
    model = tmp_path / "model.onnx"
    if content:
        model.write_bytes(content)
    done = read(example, model, pictures[0])
    assert (done.returncode, done.stdout) == (1, "")
    assert len(reasons(done.stderr, model)) == 1
    assert "Unhandled exception" not in done.stderr


@pytest.mark.parametrize(("variables", "left"), [({}, []), ({SWITCH: "0"}, FILES)], ids=["by itself", "if it may"])
def test_the_runtime_sends_events_only_where_the_user_lets_it(
    variables: dict[str, str], left: list[str], example: Path, pictures: list[Path], tmp_path: Path
) -> None:
    """The second case is the control: it shows that the first can fail."""
    command = ["dotnet", str(example / BUILT), str(model_file("model.onnx")), str(pictures[0])]
    done = subprocess.run(command, env=unguarded(tmp_path, **variables), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert left_behind(tmp_path) == left
