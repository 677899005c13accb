import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import captcha_ocr.artifacts
from captcha_ocr.artifacts.formats.artifact import Artifact
from captcha_ocr.artifacts.run_record import FitRecord
from tests.examples import EXAMPLES, assert_same


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file_name)
def test_every_artifact_is_read_as_it_was_written(example: Artifact, tmp_path: Path) -> None:
    example.write_to(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [example.file_name]
    assert_same(type(example).read_from(tmp_path), example)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.file_name)
def test_what_is_read_and_written_again_is_the_same_file(example: Artifact, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    example.write(first)
    type(example).read(first).write(second)
    assert first.read_bytes() == second.read_bytes()


def test_there_is_an_example_of_every_artifact() -> None:
    package = captcha_ocr.artifacts
    modules = [import_module(f"{package.__name__}.{module.name}") for module in pkgutil.iter_modules(package.__path__)]
    found = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    artifacts = {kind for kind in found if issubclass(kind, Artifact) and ".formats." not in kind.__module__}
    assert artifacts == {type(example) for example in EXAMPLES} | {FitRecord}  # which RunRecord completes
