"""The bill of materials of the project's own lock, and of a small one."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.modules import ROOT

SMALL = """\
attrs==1.0 \\
    --hash=sha256:{0}
    # via numpy
numpy==2.0 ; python_version < '3.12' \\
    --hash=sha256:{0} \\
    --hash=sha256:{1}
    # via
    #   captcha-ocr (pyproject.toml)
    #   scipy
scipy==1.0 \\
    --hash=sha256:{0}
    # via captcha-ocr (pyproject.toml)
""".format("0" * 64, "1" * 64)
PROJECT = '[project]\nname = "captcha-ocr"\nversion = "3.2.1"\ndependencies = ["numpy>=2.0"]\n'


def sbom(folder: Path, lock: str, project: str) -> subprocess.CompletedProcess[str]:
    (folder / "requirements.lock").write_text(lock)
    (folder / "pyproject.toml").write_text(project)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "SOURCE_DATE_EPOCH": "0"}
    command = [sys.executable, str(ROOT / "ci" / "sbom.py")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def written(folder: Path) -> Any:
    return json.loads((folder / "reports" / "release" / "sbom.cdx.json").read_text())


def test_the_bill_of_the_lock_is_valid_and_has_every_version_with_its_hashes(tmp_path: Path) -> None:
    lock = (ROOT / "requirements.lock").read_text()
    done = sbom(tmp_path, lock, (ROOT / "pyproject.toml").read_text())
    assert done.returncode == 0, done.stderr
    bill = written(tmp_path)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    assert len(bill["components"]) == len(re.findall(r"^[\w.-]+==", lock, re.MULTILINE))
    assert sum(len(component["hashes"]) for component in bill["components"]) == lock.count("--hash=sha256:")


def test_what_is_required_is_told_from_extras_and_who_needs_what(tmp_path: Path) -> None:
    assert sbom(tmp_path, SMALL, PROJECT).returncode == 0
    bill = written(tmp_path)
    assert {c["name"]: c["scope"] for c in bill["components"]} == {
        "attrs": "required",
        "numpy": "required",
        "scipy": "optional",
    }
    assert bill["metadata"]["component"]["version"] == "3.2.1"
    needs = {entry["ref"]: entry.get("dependsOn", []) for entry in bill["dependencies"]}
    numpy = "pkg:pypi/numpy@2.0 python_version < '3.12'"
    assert needs["captcha-ocr"] == [numpy, "pkg:pypi/scipy@1.0"]
    assert (needs[numpy], needs["pkg:pypi/scipy@1.0"]) == (["pkg:pypi/attrs@1.0"], [numpy])


@pytest.mark.parametrize("entry", ["attrs==1.0\n", "attrs>=1.0 \\\n    --hash=sha256:" + "0" * 64 + "\n"])
def test_a_lock_without_versions_and_hashes_is_refused(tmp_path: Path, entry: str) -> None:
    done = sbom(tmp_path, entry, PROJECT)
    assert done.returncode == 1
    assert "is no version with hashes: run `make lock`" in done.stderr
