"""Loads what can be compared: the workspace, a git revision, a DVC experiment, a run or a registered model."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dvc.api
from dvc.exceptions import DvcException
from dvc.scm import SCMError

from captcha_ocr.artifacts.paths import MODEL, PARAMS, REPORTS
from captcha_ocr.artifacts.predictions import Predictions
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.yaml_text import parse_yaml
from captcha_ocr.register.registered_file import checked_file, find_version
from captcha_ocr.tracking.logged_files import known_run_id, logged_file

WORKSPACE = "workspace"
PREDICTIONS = REPORTS / Predictions.file_name


@dataclass(frozen=True)
class Candidate:
    """One side of a comparison: its parameters, its readings of its test split, and its exported file."""

    name: str
    params: dict[str, Any]
    predictions: Predictions
    model: bytes


def _from_folder(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise CaptchaOcrError(f"{path} does not exist in the workspace: run `dvc repro`") from None


def _from_revision(revision: str, path: Path) -> bytes:
    try:
        content: bytes = dvc.api.read(path.as_posix(), rev=revision, mode="rb")
    except (DvcException, SCMError, OSError) as error:
        raise CaptchaOcrError(
            f"{revision}: {path} cannot be read ({error}). Name a run's id, models:/NAME@ALIAS, a git revision, a DVC "
            "experiment or `workspace`; `dvc pull` fetches what only a remote has"
        ) from None
    return content


def _of_run(run_id: str, path: Path) -> bytes:
    return logged_file(run_id, path.as_posix())


def candidate(spec: str) -> Candidate:
    """Loads the candidate that `spec` names; raises CaptchaOcrError if it does not exist or a file of it is missing.

    `spec` is `workspace`, the id of an MLflow run, a model such as `models:/captcha-ocr@champion`, a git revision or a
    DVC experiment. A registered model is taken from the registry, which checks it, and its other files from its run.
    """
    read: Callable[[Path], bytes]
    read_model: Callable[[], bytes] | None = None
    if spec == WORKSPACE:
        read = _from_folder
    elif spec.startswith("models:/"):
        version = find_version(spec)
        read, read_model = partial(_of_run, str(version.run_id)), partial(checked_file, version)
    elif re.fullmatch("[0-9a-f]{32}", spec):
        read = partial(_of_run, known_run_id(spec))
    else:
        read = partial(_from_revision, spec)
    predictions = Predictions.parse(read(PREDICTIONS), f"{spec}: {PREDICTIONS}")
    model = read_model() if read_model else read(MODEL)
    params = parse_yaml(read(PARAMS).decode(errors="replace"), f"{spec}: {PARAMS}")
    return Candidate(spec, params, predictions, model)
