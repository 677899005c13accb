"""Which model may be published."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from captcha_ocr.artifacts.provenance import Provenance
from tests.examples import EXAMPLES, RECORD
from tests.modules import ROOT


def real(folder: Path, origin: str, digest: str) -> subprocess.CompletedProcess[str]:
    for name in ("data", "models"):
        (folder / name).mkdir()
    (provenance,) = [example for example in EXAMPLES if isinstance(example, Provenance)]
    provenance.model_copy(update={"origin": origin, "content_digest": digest}).write(folder / "data/provenance.json")
    RECORD.model_copy(update={"data_digest": "of these"}).write(folder / "models/run.json")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, str(ROOT / "ci" / "real.py")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("origin", ["pinned", "own"])
def test_a_model_of_pictures_is_published(tmp_path: Path, origin: str) -> None:
    assert real(tmp_path, origin, "of these").returncode == 0


def test_a_model_of_look_alikes_is_not(tmp_path: Path) -> None:
    done = real(tmp_path, "synthetic", "of these")
    assert done.returncode == 1
    assert "models/model.onnx has learnt from rendered look-alikes" in done.stderr


def test_a_model_of_other_pictures_than_those_here_is_not(tmp_path: Path) -> None:
    assert "is of other pictures than data/provenance.json" in real(tmp_path, "own", "of others").stderr
