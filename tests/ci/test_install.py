"""How `make setup` installs the lock: recorders stand in for uv and pip."""

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ci import install
from tests.modules import ROOT

LISTING = """\
:env:.find-links='/wheels'
global.cert='/etc/company.pem'
global.extra-index-url='https://one.example/simple https://two.example/simple'
global.find-links='/old'
global.timeout='60'
install.index-url='https://user:secret@index.example/simple'
"""
LOCK = """\
numpy==2.0 \\
    --hash=sha256:00
uv==1.2.3 \\
    --hash=sha256:11 \\
    --hash=sha256:22
    # via captcha-ocr (pyproject.toml)
"""


def test_uv_is_told_what_pip_is_told() -> None:
    settings = install.pip_settings(LISTING)
    assert install.uv_environment(settings, {}) == {
        "UV_DEFAULT_INDEX": "https://user:secret@index.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_FIND_LINKS": "/wheels",  # a variable outdoes a file
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_SYSTEM_CERTS": "true",
        "SSL_CERT_FILE": "/etc/company.pem",
    }


def test_several_places_of_wheels_are_told_as_uv_wants_them() -> None:
    settings = install.pip_settings("global.find-links='/a\\n/b'\n")
    assert install.uv_environment(settings, {})["UV_FIND_LINKS"] == "/a,/b"


def test_what_uv_has_been_told_already_is_kept() -> None:
    told = {"UV_DEFAULT_INDEX": "https://mine.example/simple", "HOME": "/home/ann"}
    assert install.uv_environment({"index-url": "https://pip.example/simple"}, told).items() >= told.items()


def test_the_lock_pins_the_uv_that_installs_it() -> None:
    assert install.pinned(LOCK, "uv") == "uv==1.2.3 \\\n    --hash=sha256:11 \\\n    --hash=sha256:22\n"
    lines = install.pinned((ROOT / install.LOCK).read_text(), "uv").splitlines()
    assert lines[0].startswith("uv==")
    assert all("--hash=sha256:" in line for line in lines[1:])
    with pytest.raises(SystemExit, match=r"requirements\.lock has no absent: run `make lock`"):
        install.pinned(LOCK, "absent")


class Machine:
    """What is run, in order, and which commands fail; a uv is there from the start, or once pip has installed one."""

    def __init__(self, has_uv: bool, failing: Sequence[str]) -> None:
        self.has_uv, self.failing, self.commands = has_uv, failing, list[str]()

    def run(self, words: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        command = " ".join(words).replace(" ".join(install.PIP), "pip")
        if "config" in words:
            return subprocess.CompletedProcess(words, 0, LISTING)
        if "uv.txt" in command:
            command = f"pip installs {Path(words[-1]).read_text().split()[0]}"
            self.has_uv = command not in self.failing
        self.commands.append(command)
        return subprocess.CompletedProcess(words, 1 if any(part in command for part in self.failing) else 0)

    def which(self, name: str, path: str | None = None) -> str | None:
        return "uv" if self.has_uv else None


def installed(
    monkeypatch: pytest.MonkeyPatch, folder: Path, has_uv: bool = True, failing: Sequence[str] = ()
) -> list[str]:
    """The commands of `make setup`, each shortened to who installs what."""
    machine = Machine(has_uv, failing)
    (folder / "requirements.lock").write_text(LOCK)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(install.subprocess, "run", machine.run)
    monkeypatch.setattr(install.shutil, "which", machine.which)
    install.main()
    assert not [c for c in machine.commands if install.LOCK.name in c and "--require-hashes" not in c]
    return [f"{command.split()[0]} {command.split()[-1]}" for command in machine.commands]


BY_UV, BY_PIP = ["uv requirements.lock", "uv ."], ["pip requirements.lock", "pip ."]


def test_the_machine_s_uv_installs_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert installed(monkeypatch, tmp_path) == BY_UV


def test_pip_installs_the_lock_s_uv_where_there_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert installed(monkeypatch, tmp_path, has_uv=False) == ["pip uv==1.2.3", *BY_UV]


def test_pip_installs_all_where_uv_cannot_be_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = installed(monkeypatch, tmp_path, has_uv=False, failing=["pip installs uv==1.2.3"])
    assert done == ["pip uv==1.2.3", *BY_PIP]
    assert "so pip does" in capsys.readouterr().out


def test_pip_installs_all_where_uv_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert installed(monkeypatch, tmp_path, failing=["uv pip install"]) == ["uv requirements.lock", *BY_PIP]
    assert "so pip does" in capsys.readouterr().out


def test_what_neither_can_install_is_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="1"):
        installed(monkeypatch, tmp_path, failing=["install"])
