"""ONNX Runtime sends no usage events from this project, unless the user lets it."""

import re
import subprocess
import sys
from pathlib import Path

import onnx
import pytest
from PIL import Image

from tests.exported import exported, noise, untrained
from tests.modules import ROOT, SOURCE
from tests.telemetry import FILES, SWITCH, left_behind, unguarded

STARTS = {
    "command": ("-m", "captcha_ocr.cli.main", "read", "a.png", "--model", "model.onnx"),
    "library": ("-c", "from captcha_ocr import Recognizer; Recognizer.load('model.onnx').read('a.png')"),
    "served model": (str(SOURCE / "captcha_ocr" / "register" / "served_model.py"),),  # as MLflow loads it: by its path
}
RUNTIME = re.compile(r"^ *(?:import|from) onnxruntime\b", re.MULTILINE)
PACKAGE = re.compile(r"^(?:import|from) captcha_ocr\b", re.MULTILINE)
SCRIPTS = [
    file
    for file in sorted(ROOT.glob("*/*.py"))
    if file.parent.name != "tests" and RUNTIME.search(file.read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model and a picture."""
    folder = tmp_path_factory.mktemp("telemetry")
    onnx.save(exported(untrained()), folder / "model.onnx")
    Image.fromarray(noise(1)[0, :, :, 0]).save(folder / "a.png")
    return folder


def left_by(start: str, folder: Path, home: Path, **variables: str) -> list[str]:
    environment = unguarded(home, **variables)
    command = [sys.executable, *STARTS[start]]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return left_behind(home)


@pytest.mark.parametrize("start", STARTS)
def test_no_device_id_and_no_event_is_left(start: str, folder: Path, tmp_path: Path) -> None:
    assert left_by(start, folder, tmp_path) == []


@pytest.mark.parametrize("start", STARTS)
def test_a_user_can_let_it_send(start: str, folder: Path, tmp_path: Path) -> None:
    """Which is also the control of the test above: it would find the files."""
    assert left_by(start, folder, tmp_path, **{SWITCH: "0"}) == FILES


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.relative_to(ROOT).as_posix())
def test_a_script_imports_the_package_before_the_runtime(script: Path) -> None:
    """The package sets the variable; once the runtime is imported it is too late."""
    code = script.read_text(encoding="utf-8")
    runtime, package = RUNTIME.search(code), PACKAGE.search(code)
    assert runtime
    assert package
    assert package.start() < runtime.start()
