"""Environments of the benchmark's own, below .cache/styles/: each is made when it is missing or its lock has changed.

`locks/` has a list of packages and a lock with hashes for each Python environment; docs/styles.md says how to make the
locks again. That for Node.js is node/package-lock.json.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of, write_text

HERE = Path(__file__).parent.resolve()
ROOT = Path(".cache/styles").resolve()
PYTHON = "3.11"  # the last for which Pillow 9, that the older generators call, has wheels
NODE = "node"
STAMP = ".lock-digest"  # of the lock that an environment was made by
SETTINGS = {"ORT_DISABLE_TELEMETRY": "1", "NO_ALBUMENTATIONS_UPDATE": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}


def run(command: Sequence[str | Path], folder: Path, what: str, limit: float | None = None) -> None:
    """Runs a program in `folder`; raises CaptchaOcrError with the end of what it printed if it fails.

    `limit` is the number of seconds after which it is ended.
    """
    try:
        done = subprocess.run(
            list(map(str, command)),
            cwd=folder,
            env=os.environ | SETTINGS,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit,
            check=False,
        )
    except FileNotFoundError:
        raise CaptchaOcrError(f"{what} needs {command[0]}, which is not installed here") from None
    except subprocess.TimeoutExpired:
        raise CaptchaOcrError(f"{what} was ended after {limit:.0f} seconds: raise --limit") from None
    if done.returncode:
        raise CaptchaOcrError(f"{what} failed with exit code {done.returncode}:\n{done.stdout[-2000:]}")


def _make_python(name: str, lock: Path, folder: Path) -> None:
    uv, what = (sys.executable, "-m", "uv"), f"the environment {name}"
    run([*uv, "venv", "--quiet", "--clear", "--python", PYTHON, str(folder)], HERE, what)
    # Without dependencies: the lock has all of them, and trdg asks for others than those that install.
    install = [*uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--requirement", str(lock)]
    run([*install, "--python", str(folder / "bin/python")], HERE, what)


def _make_node(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "node", folder)
    # No package may run a script of its own while it is installed: those kept here need none.
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, "the environment for Node.js")


def environment(name: str) -> Path:
    """The folder of an environment, which is made first where that is needed."""
    lock = HERE / "node" / "package-lock.json" if name == NODE else HERE / "locks" / f"{name}.lock"
    folder = ROOT / "environments" / name
    stamp, digest = folder / STAMP, sha256_of(lock)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        print(f"making the environment {name} in {folder}", flush=True)
        _make_node(folder) if name == NODE else _make_python(name, lock, folder)
        write_text(stamp, digest)
    return folder


def interpreter(name: str) -> Path:
    """The Python of an environment."""
    return environment(name) / "bin" / "python"
