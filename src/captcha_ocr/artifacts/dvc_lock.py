"""dvc.lock: with which parameters each stage ran, and on which files."""

import hashlib
from pathlib import Path
from typing import Any

import yaml

from captcha_ocr.artifacts.paths import LOCK
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.nested import flatten

READ_THE_RECORD = ("evaluate", "export", "report")  # stages behind training


def _locked_stages() -> dict[str, Any]:
    stages: dict[str, Any] = yaml.safe_load(LOCK.read_text(encoding="utf-8"))["stages"] if LOCK.exists() else {}
    return stages


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _is_stale(stage: dict[str, Any], record: Path, digest: str) -> bool:
    """Whether a stage behind training ran on another record than the present one."""
    return any(dep["path"] == record.as_posix() and dep["md5"] != digest for dep in stage.get("deps", []))


def check_parameters(params: Path, record: Path) -> None:
    """Raises CaptchaOcrError where `params` was edited since the stages of this record ran: they are not the run's."""
    given, digest = flatten(yaml.safe_load(params.read_text(encoding="utf-8"))), _md5(record)
    for name, stage in _locked_stages().items():
        stale = _is_stale(stage, record, digest)
        used = {} if stale else flatten(stage.get("params", {}).get(params.as_posix(), {}))
        for key, value in used.items():
            if given.get(key) != value:
                raise CaptchaOcrError(
                    f"{key} in {params} is {given.get(key)}, and the stage {name} ran with {value}: take the edit "
                    "back, or run `dvc repro`"
                )


def is_reported(record: Path) -> bool:
    """Whether the stages behind training have run since it wrote `record`."""
    digest, stages = _md5(record), _locked_stages()
    return all(name in stages and not _is_stale(stages[name], record, digest) for name in READ_THE_RECORD)
