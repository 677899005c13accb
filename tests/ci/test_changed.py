import subprocess
import sys
from pathlib import Path

import pytest

from tests.modules import ROOT


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path, "params.yaml")
    return tmp_path


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.name=Tester", "-c", "user.email=tester@example.org")
    subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("a") as file:
        file.write("more\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", name)


def changed(folder: Path, base: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "ci" / "changed.py")]
    return subprocess.run(command, cwd=folder, env={"BASE": base}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("src/captcha_ocr/ctc/likelihood.py", "true"),
        ("requirements.lock", "true"),
        ("dvc.lock", "true"),
        ("docs/ci.md", "false"),
    ],
)
def test_what_the_model_depends_on_is_told_from_the_rest(repository: Path, name: str, answer: str) -> None:
    commit(repository, name)
    assert changed(repository, "HEAD^").stdout.splitlines()[-1] == f"retrain={answer}"


def test_what_only_the_base_has_changed_since_is_not_ours(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "branch")
    commit(repository, "README.md")
    git(repository, "checkout", "--quiet", "main")
    commit(repository, "params.yaml")
    git(repository, "checkout", "--quiet", "branch")
    assert changed(repository, "main").stdout == "retrain=false\n"


def test_a_first_push_has_nothing_to_compare_with(repository: Path) -> None:
    done = changed(repository, "0" * 40)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "retrain=false"


def test_a_base_that_is_no_commit_is_named(repository: Path) -> None:
    done = changed(repository, "nowhere")
    assert done.returncode == 1
    assert done.stderr.startswith("error: BASE=nowhere is no commit in this history")
