"""Which state of the code, and of the pipeline's results, something was made from."""

import hashlib
import os
import subprocess
from pathlib import Path


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def code_version() -> dict[str, str]:
    """Git commit, whether tracked files differ from it, and the DVC experiment's name.

    dvc.lock and the reports are results, and change while the pipeline runs: they do not make the code dirty.
    """
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!dvc.lock", ":!reports")
    return {
        "git_commit": _git("rev-parse", "HEAD") or "none",
        "git_dirty": str(bool(changed)).lower(),
        "dvc_experiment": os.environ.get("DVC_EXP_NAME", ""),
    }


def lock_digest() -> dict[str, str]:
    """The digest of dvc.lock: two runs with the same one saw the same data, code and parameters."""
    lock = Path("dvc.lock")
    return {"dvc_lock_sha256": hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "none"}
