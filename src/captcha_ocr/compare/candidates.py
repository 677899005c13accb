"""What may be compared: the workspace, a git revision or DVC experiment, a run, a registered model."""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dvc.api
import pandas as pd
import yaml
from dvc.exceptions import DvcException
from dvc.scm import SCMError

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.tracking import logged_files as artifacts

WORKSPACE = "workspace"
PARAMS, PREDICTIONS, MODEL = "params.yaml", "reports/predictions.csv", "models/model.onnx"


@dataclass(frozen=True)
class Subject:
    """One side of a comparison. `predictions` has columns file, label, text of the test split that it was scored on."""

    name: str
    params: dict[str, Any]
    predictions: pd.DataFrame
    model: bytes


def _from_folder(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError:
        raise CaptchaOcrError(f"{path} does not exist in the workspace: run `dvc repro`") from None


def _from_revision(revision: str, path: str) -> bytes:
    try:
        content: bytes = dvc.api.read(path, rev=revision, mode="rb")
    except (DvcException, SCMError, OSError) as error:
        raise CaptchaOcrError(
            f"{revision}: {path} cannot be had ({error}). Name a run's id, models:/NAME@ALIAS, a git revision, a DVC "
            "experiment or `workspace`; `dvc pull` fetches what only a remote has"
        ) from None
    return content


def subject(spec: str) -> Subject:
    """What `spec` names; raises CaptchaOcrError where there is no such thing, or it lacks a file."""
    if spec == WORKSPACE:
        read = _from_folder
    elif spec.startswith("models:/") or re.fullmatch("[0-9a-f]{32}", spec):
        run_id = artifacts.run_of(spec)

        def read(path: str) -> bytes:
            return artifacts.content(run_id, path)
    else:

        def read(path: str) -> bytes:
            return _from_revision(spec, path)

    predictions = pd.read_csv(io.BytesIO(read(PREDICTIONS)), dtype=str, keep_default_na=False)
    return Subject(spec, yaml.safe_load(read(PARAMS)), predictions[["file", "label", "text"]], read(MODEL))
