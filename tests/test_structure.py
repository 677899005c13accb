"""The pipeline's description against the code it describes."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.modules import ROOT, imported_names, module_file, needed_files

PIPELINES = {"stages": ROOT / "dvc.yaml", "crossval": ROOT / "crossval" / "dvc.yaml"}
STAGES = {
    f"{folder}/{name}": stage
    for folder, file in PIPELINES.items()
    for name, stage in yaml.safe_load(file.read_text())["stages"].items()
}
# Files that are no modules, and the module that reads them.
FILES = {
    "src/captcha_ocr/learning/weights": "src/captcha_ocr/learning/initial.py",
    "src/captcha_ocr/delivery/templates": "src/captcha_ocr/delivery/templating.py",
}
LAYERS = ("core", "data", "learning", "delivery", "cli")


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_every_module_it_imports_and_no_other(stage: str) -> None:
    code = [dep for dep in STAGES[stage]["deps"] if dep.startswith("src/") or dep.endswith(".py")]
    listed = set(code)
    assert len(listed) == len(code)
    needed = needed_files(ROOT / f"{stage}.py")
    # A folder stands for its modules, so that a new one needs no new line.
    assert {dep for dep in listed if dep.endswith(".py")} == {n for n in needed if str(Path(n).parent) not in listed}
    folders = {dep for dep in listed if not dep.endswith(".py")} - set(FILES)
    assert all(any(n.startswith(f"{folder}/") for n in needed) for folder in folders)
    assert {folder for folder in FILES if folder in listed} == {f for f, reader in FILES.items() if reader in needed}


@pytest.mark.parametrize("layer", LAYERS)
def test_layers_import_downward_only(layer: str) -> None:
    above = LAYERS[LAYERS.index(layer) + 1 :]
    for file in (ROOT / "src" / "captcha_ocr" / layer).rglob("*.py"):
        upward = {n for n in imported_names(file) if n.split(".")[:2] in [["captcha_ocr", up] for up in above]}
        assert not upward, f"{file.name} imports {upward}"


@pytest.mark.parametrize(
    ("library", "home"),
    [("mlflow", "delivery/tracking/"), ("optuna", "learning/"), ("tensorflow", "delivery/export.py")],
)
def test_a_heavy_library_is_named_in_one_place(library: str, home: str) -> None:
    package = ROOT / "src" / "captcha_ocr"
    users = {f.relative_to(package).as_posix() for f in package.rglob("*.py") if library in imported_names(f)}
    assert users
    assert all(user.startswith(home) for user in users)


def test_imports_are_late_only_where_a_reader_of_files_needs_no_registry() -> None:
    late = {file.name: imported_names(file, late=True) for file in (ROOT / "src").rglob("*.py")}
    assert {name for name, names in late.items() if names} == {"recognizer.py", "main.py"}
    assert "captcha_ocr.delivery.tracking.registry" in late["recognizer.py"]


def test_reading_needs_onnxruntime_numpy_and_pillow_only() -> None:
    heavy = ("keras", "tensorflow", "pandas", "pydantic", "mlflow", "yaml", "scipy", "great_expectations", "tqdm")
    code = f"import sys, captcha_ocr.recognizer; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_modules_of_a_script_are_found() -> None:
    assert module_file("captcha_ocr.core.codec") == ROOT / "src/captcha_ocr/core/codec.py"
    assert "src/captcha_ocr/core/ctc.py" in needed_files(ROOT / "stages" / "train.py")
