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
# From the ground up. A package imports those before it; those on one line know nothing of each other.
LAYERS = (
    ("base",),
    ("ctc", "pictures", "onnx_file"),
    ("params",),
    ("search", "scoring", "pages", "augmentation"),
    ("artifacts",),
    ("network",),
    ("recognizer",),
    ("tracking",),
    ("fetch", "validate", "split", "overview", "train", "evaluate", "export", "report", "register"),
    ("adopt", "compare", "sweep", "crossval", "expect", "pretraining", "labelling"),
    ("cli",),
)
RANKS = {package: rank for rank, layer in enumerate(LAYERS) for package in layer}
PACKAGE = ROOT / "src" / "captcha_ocr"


def package_of(file: Path) -> str:
    """The package of the project that a file belongs to, or the module itself where it is in none."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_depends_on_every_package_it_imports_and_no_other(stage: str) -> None:
    """A folder stands for its modules, so that a new one needs no new line.

    The package's own __init__.py only offers names to users, and no stage takes any of them.
    """
    listed = [dep for dep in STAGES[stage]["deps"] if dep.startswith("src/") or dep.endswith(".py")]
    assert len(set(listed)) == len(listed)
    needed = needed_files(ROOT / f"{stage}.py") - {"src/captcha_ocr/__init__.py"}
    covered = {name: [dep for dep in listed if name == dep or name.startswith(f"{dep}/")] for name in needed}
    assert [name for name, deps in covered.items() if len(deps) != 1] == []
    assert {dep for deps in covered.values() for dep in deps} == set(listed)


def test_every_package_has_its_place() -> None:
    found = {package_of(file) for file in PACKAGE.rglob("*.py") if file != PACKAGE / "__init__.py"}
    assert found == set(RANKS)


@pytest.mark.parametrize("package", RANKS)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    for file in [f for f in PACKAGE.rglob("*.py") if package_of(f) == package]:
        names = imported_names(file) | imported_names(file, late=True)
        imported = {name.split(".")[1] for name in names if name.startswith("captcha_ocr.")} - {package}
        upward = {other for other in imported if RANKS.get(other, -1) >= RANKS[package]}
        assert not upward, f"{file.name} imports {upward}"


@pytest.mark.parametrize(
    ("library", "homes"),
    [
        ("mlflow", ("tracking/", "register/")),
        ("optuna", ("sweep/",)),
        ("tensorflow", ("export/conversion.py", "train/tensorboard.py")),
    ],
)
def test_a_heavy_library_is_named_in_one_place(library: str, homes: tuple[str, ...]) -> None:
    users = {f.relative_to(PACKAGE).as_posix() for f in PACKAGE.rglob("*.py") if library in imported_names(f)}
    assert users
    assert all(user.startswith(homes) for user in users)


def test_imports_are_late_only_where_a_command_would_wait_for_what_it_does_not_need() -> None:
    late = {f.relative_to(PACKAGE).as_posix(): imported_names(f, late=True) for f in PACKAGE.rglob("*.py")}
    assert {name for name, names in late.items() if names} == {
        *("cli/adopt.py", "cli/augmentation.py", "cli/read.py"),
        *("fetch/foreign_files.py", "register/signing.py"),
        *("scoring/metrics.py", "scoring/paired.py"),
    }
    assert "captcha_ocr.register.registry" in late["cli/read.py"]


def test_reading_needs_onnxruntime_numpy_and_pillow_only() -> None:
    heavy = ("keras", "tensorflow", "pandas", "pydantic", "mlflow", "yaml", "scipy", "great_expectations", "tqdm")
    code = f"import sys, captcha_ocr.recognizer; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_modules_of_a_script_are_found() -> None:
    assert module_file("captcha_ocr.ctc.codec") == ROOT / "src/captcha_ocr/ctc/codec.py"
    assert "src/captcha_ocr/ctc/likelihood.py" in needed_files(ROOT / "stages" / "train.py")
