"""What `make release` checks, on a wheel and an sdist as `make dist` builds them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.modules import ROOT

VERSION = "0.1.0"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's own source with a changelog that has a section of the version, and its dist/."""
    folder = tmp_path_factory.mktemp("built")
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    changelog = f"# Changelog\n\n## Unreleased\n\n## [{VERSION}] - 2026-11-21\n\n- All of it.\n\n## 0.0.9\n\n- Less.\n"
    (folder / "CHANGELOG.md").write_text(changelog)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    for command in (["-m", "hatchling", "build"], [str(ROOT / "ci" / "sbom.py")]):
        subprocess.run([sys.executable, *command], cwd=folder, env=environment, check=True, capture_output=True)
    return folder


def release(folder: Path, tag: str = f"v{VERSION}") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TAG": tag, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, str(ROOT / "ci" / "release.py")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_sound_release_leaves_its_section_of_the_changelog(built: Path) -> None:
    done = release(built)
    assert done.returncode == 0, done.stderr
    assert (built / "reports" / "release" / "notes.md").read_text() == "- All of it.\n"


def test_another_tag_than_the_version_is_refused(built: Path) -> None:
    assert f"TAG='v9.9.9', and the wheel is version {VERSION}" in release(built, "v9.9.9").stderr


def test_a_bill_of_materials_of_another_lock_is_refused(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "edited"
    shutil.copytree(built, folder)
    (folder / "requirements.lock").write_text("")
    assert "sbom.cdx.json is of another version or another requirements.lock: run `make dist`" in release(folder).stderr
    shutil.rmtree(folder / "reports")
    assert "reports/release/sbom.cdx.json does not exist: run `make dist`" in release(folder).stderr


def test_a_version_that_the_changelog_does_not_know_is_refused(built: Path, tmp_path: Path) -> None:
    for name in ("dist", "reports"):
        shutil.copytree(built / name, tmp_path / name)
    shutil.copy(built / "requirements.lock", tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {VERSION}.1\n\n- Later.\n")
    assert f"says nothing below a heading `## {VERSION}`" in release(tmp_path).stderr


def test_a_wheel_that_the_sdist_does_not_build_is_refused(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "edited"
    shutil.copytree(built, folder)
    wheel = next((folder / "dist").glob("*.whl"))
    wheel.unlink()
    (folder / "src" / "captcha_ocr" / "more.py").write_text('"""Not in the sdist."""\n')
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    assert "builds another wheel than" in release(folder).stderr


def test_an_empty_dist_is_named(tmp_path: Path) -> None:
    assert "dist holds 0 files *.whl" in release(tmp_path).stderr
