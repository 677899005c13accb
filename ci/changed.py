"""Whether anything changed since BASE that the trained model depends on: `retrain=true` or `false`, by git alone."""

import os
import subprocess
import sys
from pathlib import Path

PATHS = (
    "params.yaml",
    "dvc.yaml",
    "dvc.lock",
    "data.dvc",
    "data/captcha_images_v2.sha256",
    "requirements.lock",
    "stages",
    "src",
)
NO_COMMIT = "0" * 40  # what GitHub names as the commit before a branch's first push


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=False)


def changed_files(base: str) -> list[str]:
    """Files below PATHS that differ between HEAD and the commit where it left `base`."""
    if base == NO_COMMIT:
        print("the branch's first push: there is nothing to compare with")
        return []
    done = _git("diff", "--name-only", f"{base}...HEAD", "--", *PATHS)
    if done.returncode != 0:
        sys.exit(f"error: BASE={base} is no commit in this history ({done.stderr.strip()}): name one, as BASE=HEAD^")
    return done.stdout.splitlines()


def main() -> None:
    files = changed_files(os.environ.get("BASE") or "origin/main")
    for name in files:
        print(f"changed: {name}")
    answer = f"retrain={'true' if files else 'false'}"
    print(answer)
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            print(answer, file=file)


if __name__ == "__main__":
    main()
