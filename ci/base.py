"""The results of the commit at which HEAD left BASE, as the local git revision refs/captcha-ocr/base.

They are made in a clone that shares DVC's cache: `dvc repro` takes from there what it can, and runs the rest. Then they
are committed there and fetched here, so that `dvc metrics diff` and `captcha-ocr compare` find them. No branch moves,
and nothing is pushed.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.stage import exit_on_error

RECORDED = "refs/captcha-ocr/base"
STAGES = ("evaluate", "export")  # what is compared; a base is not registered
IDENTITY = ("-c", "user.name=captcha-ocr", "-c", "user.email=captcha-ocr@localhost")
RESTORED = "Its results were in DVC's cache."
TRAINED = "It was trained anew for this comparison, on this machine: its results were in no cache."
LOCK = "requirements.lock"


def _output(*words: str, folder: Path | None = None) -> str:
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise CaptchaOcrError(f"`{' '.join(words)}` failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _left_at(base: str) -> str:
    try:
        return _output("git", "merge-base", base, "HEAD")
    except CaptchaOcrError as error:
        raise CaptchaOcrError(f"BASE={base} has no commit in common with HEAD ({error}): name another") from None


def _clone(commit: str, clone: Path) -> None:
    """Of `commit`, with this checkout's DVC cache and its remotes' local settings."""
    _output("git", "clone", "--quiet", "--shared", "--no-checkout", ".", str(clone))
    _output("git", "checkout", "--quiet", "--detach", commit, folder=clone)
    cache = _output("dvc", "cache", "dir")
    if (settings := Path(".dvc/config.local")).exists():
        shutil.copy2(settings, clone / settings)
    _output("dvc", "cache", "dir", "--local", str(Path(cache).resolve()), folder=clone)


def _lend_pictures(clone: Path) -> None:
    """Links what git does not carry: the archive, where the pin is the same, and a folder or zip of one's own."""
    pins = [yaml.safe_load((folder / "data.dvc").read_text(encoding="utf-8")) for folder in (Path(), clone)]
    names = [pins[0]["outs"][0]["path"]] if pins[0]["meta"] == pins[1]["meta"] else []
    names.append(yaml.safe_load((clone / "params.yaml").read_text(encoding="utf-8"))["fetch"]["source"])
    for name in filter(None, names):
        if Path(name).exists() and not (clone / name).exists():
            (clone / name).symlink_to(Path(name).resolve())


def _environment(clone: Path) -> Mapping[str, str]:
    """The clone's own code, packages where its lock differs, and store: a base is logged nowhere."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
    environment["PYTHONPATH"] = str(clone / "src")
    if (clone / LOCK).read_bytes() != Path(LOCK).read_bytes():
        print(f"{LOCK} differs: the base gets an environment of its own", flush=True)
        subprocess.run(["make", "setup"], cwd=clone, env=environment, check=True)
        environment["PATH"] = f"{clone / '.venv' / 'bin'}{os.pathsep}{environment['PATH']}"
    return environment


def _reproduce(clone: Path) -> bool:
    """Whether the base had to be trained."""
    environment, trained = _environment(clone), False
    if _output("dvc", "remote", "list"):  # one that cannot be reached costs no more than a training
        subprocess.run(["dvc", "fetch", "--run-cache", "dvc.yaml"], cwd=clone, env=environment, check=False)
    with subprocess.Popen(
        ["dvc", "repro", *STAGES], cwd=clone, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(f"base: {line}", end="", flush=True)
            trained |= line.startswith("Running stage 'train'")
    if process.returncode != 0:
        raise CaptchaOcrError("the base does not reproduce (its output is above): fix it, or name another BASE")
    return trained


def main() -> None:
    base = os.environ.get("BASE") or "origin/main"
    commit = _left_at(base)
    with TemporaryDirectory() as folder:
        clone = Path(folder) / "base"
        _clone(commit, clone)
        _lend_pictures(clone)
        how = TRAINED if _reproduce(clone) else RESTORED
        _output("git", "add", "--", "dvc.lock", "reports", folder=clone)
        message = f"{base} at {commit[:9]}\n\n{how}"
        _output("git", *IDENTITY, "commit", "--quiet", "--no-verify", "--allow-empty", "-m", message, folder=clone)
        _output("git", "fetch", "--quiet", "--no-tags", str(clone), f"+HEAD:{RECORDED}")
    print(f"{RECORDED}: {base} at {commit[:9]}. {how}")


if __name__ == "__main__":
    exit_on_error(main)
