"""The versions of the code (git) and of the pipeline's results (dvc.lock) that a result was made from."""

import hashlib
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class CodeVersion:
    """The version of the code in a working folder.

    git_commit: "none" outside a git repository. git_dirty: "true" where tracked files differ from the commit, else
    "false". dvc_experiment: its name; empty outside a DVC experiment.
    """

    git_commit: str
    git_dirty: str
    dvc_experiment: str

    def tags(self) -> dict[str, str]:
        """The fields by name, as tags of an MLflow run."""
        return asdict(self)


def _git(*arguments: str) -> str:
    """What the git command prints; empty where it fails."""
    result = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
    return result.stdout.strip() if result.returncode == 0 else ""


def code_version() -> CodeVersion:
    """The version of the code in the working folder.

    dvc.lock and reports/ are results, which change while the pipeline runs. Changes of these do not make it dirty.
    """
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!dvc.lock", ":!reports")
    return CodeVersion(
        git_commit=_git("rev-parse", "HEAD") or "none",
        git_dirty=str(bool(changed)).lower(),
        dvc_experiment=os.environ.get("DVC_EXP_NAME", ""),
    )


def lock_digest() -> str:
    """The hex SHA-256 of dvc.lock; "none" where there is no such file.

    Two pipeline runs with the same digest used the same data, code and parameters.
    """
    lock = Path("dvc.lock")
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "none"
