"""Which state of the code, and of the pipeline's results, something was made from."""

import hashlib
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class CodeVersion:
    """The git commit, whether tracked files differ from it ("true" or "false"), and the DVC experiment's name."""

    git_commit: str
    git_dirty: str
    dvc_experiment: str

    def tags(self) -> dict[str, str]:
        """As tags of a run."""
        return asdict(self)


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def code_version() -> CodeVersion:
    """Of the working folder.

    dvc.lock and the reports are results, and change while the pipeline runs: they do not make the code dirty.
    """
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!dvc.lock", ":!reports")
    return CodeVersion(
        git_commit=_git("rev-parse", "HEAD") or "none",
        git_dirty=str(bool(changed)).lower(),
        dvc_experiment=os.environ.get("DVC_EXP_NAME", ""),
    )


def lock_digest() -> str:
    """The SHA-256 of dvc.lock, or "none": two runs with the same one saw the same data, code and parameters."""
    lock = Path("dvc.lock")
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "none"
