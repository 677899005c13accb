"""MLflow's model registry: registers, signs and loads versions, and sets the alias @challenger."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

from captcha_ocr.base.code_version import lock_digest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import served_model, signing
from captcha_ocr.register.logged_model import log_model
from captcha_ocr.register.registered_file import DIGEST_TAG, registered_file

REQUIREMENTS = ("mlflow", "numpy", "onnxruntime", "pandas", "pillow")
SIGNATURE = ModelSignature(
    Schema([ColSpec(DataType.string, "image")]),
    Schema(
        [
            ColSpec(DataType.string, "text", required=False),
            ColSpec(DataType.double, "confidence", required=False),
            ColSpec(DataType.string, "error", required=False),
        ]
    ),
)
CHALLENGER = "challenger"
ARTIFACT = "model"
LOCK_TAG = "dvc_lock_sha256"  # the tag of a version with the digest of the dvc.lock that it was first registered with
LOGGED_MODEL = re.compile(r"models:/(m-[0-9a-f]+)")  # the source of a version, by which its model is found


@dataclass(frozen=True)
class Version:
    """A registered version of a model."""

    name: str
    number: str


def _existing(client: MlflowClient, name: str, digest: str) -> Version | None:
    """The version that was registered with the same file, so that registering it again adds none; None without one."""
    versions = client.search_model_versions(f"name = '{name}' and tags.{DIGEST_TAG} = '{digest}'")
    newest = max(versions, key=lambda version: int(version.version), default=None)
    return Version(name, str(newest.version)) if newest else None


def pyfunc_model(file: Path) -> dict[str, Any]:
    """What MLflow's `save_model` and `log_model` are told of the model that serves the exported `file`."""
    return {
        "python_model": served_model.__file__,
        "artifacts": {ARTIFACT: str(file)},
        "pip_requirements": [f"{package}=={metadata.version(package)}" for package in REQUIREMENTS],
        "signature": SIGNATURE,
    }


def register_model(
    file: Path, example: str, name: str, tags: Mapping[str, str], metrics: Mapping[str, float], run_id: str
) -> Version:
    """Logs the exported `file` to the active run `run_id` as a model that MLflow can serve, and registers it as `name`.

    `example` is a picture in base64. `tags` must contain DIGEST_TAG. If the file is registered already, its version
    is returned and nothing is logged. The model contains this package's code, so a server needs only REQUIREMENTS.
    """
    if known := _existing(MlflowClient(), name, tags[DIGEST_TAG]):
        return known
    content = pyfunc_model(file) | {
        "code_paths": [str(Path(__file__).parent.parent)],
        "input_example": pd.DataFrame({"image": [example]}),
    }
    uri = log_model(run_id, tags[DIGEST_TAG], metrics, content)
    # The tags are sent in the same request. Otherwise, if the server died in between, the version would lack them and
    # the file would be registered a second time.
    return Version(name, str(mlflow.register_model(uri, name, tags=dict(tags)).version))


def sign_version(version: Version, content: bytes, how: signing.Signing) -> None:
    """Signs `content` as this version, and stores the bundle beside the version's model, in place of an earlier one.

    Raises CaptchaOcrError as `signing.sign` does, and for a version that was registered without a model of MLflow's.
    """
    client = MlflowClient()
    logged = LOGGED_MODEL.fullmatch(str(client.get_model_version(version.name, version.number).source))
    if not logged:
        raise CaptchaOcrError(
            f"version {version.number} of {version.name} was registered by an earlier version, which left no place "
            "for a signature: register the model again with `make register`"
        )
    with TemporaryDirectory() as folder:
        Path(folder, signing.BUNDLE).write_bytes(signing.sign(content, version.name, version.number, how))
        statement = signing.statement(version.name, version.number)
        Path(folder, signing.STATEMENT).write_text(statement, encoding="utf-8")
        client.log_model_artifacts(logged[1], folder, signing.SIGNATURE)


def set_challenger(version: Version) -> None:
    """Sets the alias @challenger to `version`."""
    MlflowClient().set_registered_model_alias(version.name, CHALLENGER, version.number)


def is_of_this_pipeline_run(version: Version) -> bool:
    """Whether the version was registered with the present dvc.lock: then a kill has ended that registration."""
    return MlflowClient().get_model_version(version.name, version.number).tags.get(LOCK_TAG) == lock_digest()


def describe(version: Version, text: str, tags: Mapping[str, str]) -> None:
    """Sets the description of a version, and further tags."""
    client = MlflowClient()
    client.update_model_version(version.name, version.number, description=text)
    for key, value in tags.items():
        client.set_model_version_tag(version.name, version.number, key, value)


def load_registered(uri: str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)) -> Recognizer:
    """Loads a registered model such as `models:/captcha-ocr@champion`.

    `threads` is the most that one call may use; 0 means one for each core. Raises CaptchaOcrError as `registered_file`
    does, and if the file cannot be loaded.
    """
    return Recognizer.from_bytes(registered_file(uri), uri, threads, providers)
