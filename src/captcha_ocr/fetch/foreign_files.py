"""Refuses to start where DVC would delete files that no stage wrote.

`locate`, which runs before all other stages, compares what lies at their outputs with what the stages have written.
"""

import hashlib
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.written import PIPELINE, Written, as_written, files_of, keep_only, note_all, written
from captcha_ocr.base.yaml_text import read_yaml
from captcha_ocr.fetch.outputs import outputs

JOURNAL_LINES = 5000  # a journal of more lines is written anew


def _locked(pipeline: Path) -> Mapping[str, str]:
    """The MD5 of each output by its path, as DVC noted it after the stage ran."""
    lock = pipeline.with_suffix(".lock")
    stages: dict[str, Any] = (read_yaml(lock) or {}).get("stages", {}) if lock.exists() else {}
    return {out["path"]: out["md5"] for stage in stages.values() for out in stage.get("outs", []) if "md5" in out}


def _md5(path: Path) -> str:
    """The MD5 of a file or folder as DVC computes it: that of a folder is of the JSON list of its files."""
    if not path.is_dir():
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    files = [{"md5": _md5(file), "relpath": file.relative_to(path).as_posix()} for file in files_of(path)]
    listing = json.dumps(sorted(files, key=lambda file: file["relpath"]), sort_keys=True)
    return f"{hashlib.md5(listing.encode(), usedforsecurity=False).hexdigest()}.dir"


def _in_cache(paths: Sequence[Path]) -> set[Path]:
    """Those whose content DVC's cache holds: they were pulled or checked out, and deleting them loses nothing."""
    from dvc.exceptions import DvcException  # takes a second, and is seldom needed
    from dvc.repo import Repo

    try:
        with Repo() as repo:
            found = {path: repo.find_outs_by_path(str(path.absolute()))[0] for path in paths}
            return {path for path, out in found.items() if repo.cache.local.exists(out.get_hash().value)}
    except (DvcException, OSError):  # no repository of DVC's: nothing is in a cache
        return set()


def _in_git(paths: Iterable[Path]) -> set[Path]:
    """Those that git tracks, as the metrics that reviews compare."""
    command = ["git", "ls-files", "-z", "--", *map(str, paths)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:  # no git here
        return set()
    return {Path(name) for name in done.stdout.split("\0") if name}


def _known(states: Iterable[Written], noted: set[Written]) -> bool:
    return all(state in noted for state in states)


def check_outputs(pipeline: Path = PIPELINE) -> None:
    """Raises CaptchaOcrError naming outputs of a dvc.yaml that no stage wrote, and that DVC would delete.

    A file is a stage's if the journal of `base.written`, dvc.lock, DVC's cache or git has it as it is.
    """
    noted = written()
    there = [path for output in outputs(pipeline) if not output.kept for path in output.paths(Path())]
    states = {path: [as_written(file, file) for file in files_of(path)] for path in there}
    unknown = [path for path in there if not _known(states[path], noted)]
    if unknown:
        locked = _locked(pipeline)
        unknown = [path for path in unknown if locked.get(path.as_posix()) != _md5(path)]
    foreign = set(unknown) - (_in_git(unknown) if unknown else set())
    foreign -= _in_cache(sorted(foreign)) if foreign else set()
    if foreign:
        raise CaptchaOcrError(
            f"{listed(_named(foreign, states, noted))}: no stage wrote this as it is, and DVC would delete it: move it "
            "to another place, or delete it, and run the command again"
        )
    fresh = {state for path in there for state in states[path]} - noted
    if len(noted) > JOURNAL_LINES:
        keep_only(fresh | {state for path in there for state in states[path]})
    elif fresh:
        note_all(sorted(fresh))


def _named(foreign: Iterable[Path], states: Mapping[Path, Sequence[Written]], noted: set[Written]) -> list[str]:
    """The files that were not written, for a message."""
    return [name for path in sorted(foreign) for name, *rest in states[path] if (name, *rest) not in noted]
