"""dvc.lock: the parameters and the files that each stage ran with."""

import hashlib
from pathlib import Path
from typing import Any

from captcha_ocr.artifacts.paths import LOCK
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.nested import flatten
from captcha_ocr.base.yaml_text import read_yaml

AFTER_TRAINING = ("evaluate", "export", "report")  # the stages that read the run record


def locked_stages() -> dict[str, Any]:
    """What dvc.lock says of each stage; raises CaptchaOcrError if the file is damaged."""
    if not LOCK.exists():
        return {}
    try:
        return dict(read_yaml(LOCK)["stages"])
    except (CaptchaOcrError, LookupError, TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise CaptchaOcrError(
            f"{LOCK} is damaged ({reason}), as a kill of dvc may leave it: take it from git with "
            f"`git checkout {LOCK}`, and run `dvc repro`"
        ) from None


def _md5(path: Path) -> str:
    return hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()


def _is_stale(stage: dict[str, Any], record: Path, digest: str) -> bool:
    """Whether a stage last ran with another run record than the present one, whose MD5 is `digest`."""
    return any(dep["path"] == record.as_posix() and dep["md5"] != digest for dep in stage.get("deps", []))


def check_parameters(params: Path, record: Path) -> None:
    """Raises CaptchaOcrError if `params` was edited after the stages that belong to the run record `record` ran.

    The file then does not hold the parameters of that pipeline run.
    """
    current, digest = flatten(read_yaml(params)), _md5(record)
    for name, stage in locked_stages().items():
        stale = _is_stale(stage, record, digest)
        used = {} if stale else flatten(stage.get("params", {}).get(params.as_posix(), {}))
        for key, value in used.items():
            if current.get(key) != value:
                raise CaptchaOcrError(
                    f"{key} in {params} is {current.get(key)}, and the stage {name} ran with {value}: take the edit "
                    "back, or run `dvc repro`"
                )


def is_reported(record: Path) -> bool:
    """Whether evaluation, export and report have run with the present run record."""
    digest, stages = _md5(record), locked_stages()
    return all(name in stages and not _is_stale(stages[name], record, digest) for name in AFTER_TRAINING)
