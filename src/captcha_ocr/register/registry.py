"""MLflow's model registry: registers and loads versions, and sets the alias @challenger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, DataType, Schema

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register import served_model
from captcha_ocr.tracking.store import find_store

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


@dataclass(frozen=True)
class Version:
    """A registered version of a model."""

    name: str
    number: str


def _existing(client: MlflowClient, name: str, digest: str) -> Version | None:
    """The version that was registered with the same file, so that registering it again adds none; None without one."""
    versions = client.search_model_versions(f"name = '{name}' and tags.onnx_sha256 = '{digest}'")
    newest = max(versions, key=lambda version: int(version.version), default=None)
    return Version(name, str(newest.version)) if newest else None


def register_model(
    file: Path, example: str, name: str, tags: Mapping[str, str], metrics: Mapping[str, float]
) -> Version:
    """Logs the exported `file` to the active run as a model that MLflow can serve, and registers it as `name`.

    `example` is a picture in base64. `tags` must contain `onnx_sha256`. If the file is registered already, its version
    is returned and nothing is logged. The model contains this package's code, so a server needs only REQUIREMENTS.
    """
    if known := _existing(MlflowClient(), name, tags["onnx_sha256"]):
        return known
    info = mlflow.pyfunc.log_model(
        name="model",
        python_model=served_model.__file__,
        artifacts={ARTIFACT: str(file)},
        code_paths=[str(Path(__file__).parent.parent)],
        pip_requirements=[f"{package}=={metadata.version(package)}" for package in REQUIREMENTS],
        signature=SIGNATURE,
        input_example=pd.DataFrame({"image": [example]}),
    )
    mlflow.log_metrics(dict(metrics), model_id=info.model_id)
    # The tags are sent in the same request. Otherwise, if the server died in between, the version would lack them and
    # the file would be registered a second time.
    return Version(name, str(mlflow.register_model(info.model_uri, name, tags=dict(tags)).version))


def set_challenger(version: Version) -> None:
    """Sets the alias @challenger to `version`."""
    MlflowClient().set_registered_model_alias(version.name, CHALLENGER, version.number)


def describe(version: Version, text: str, tags: Mapping[str, str]) -> None:
    """Sets the description of a version, and further tags."""
    client = MlflowClient()
    client.update_model_version(version.name, version.number, description=text)
    for key, value in tags.items():
        client.set_model_version_tag(version.name, version.number, key, value)


def download(uri: str) -> Path:
    """Downloads the exported file of a registered model, such as `models:/captcha-ocr@champion`; returns its local
    path.

    Raises CaptchaOcrError if the store has no such model, or the model has no exported file.
    """
    find_store()
    try:
        folder = Path(mlflow.artifacts.download_artifacts(uri))
    except (MlflowException, OSError) as error:
        raise CaptchaOcrError(f"{uri} is not in the registry at {mlflow.get_tracking_uri()}: {error}") from None
    for file in (folder / "artifacts").glob("*.onnx"):
        return file
    raise CaptchaOcrError(f"{uri} holds no exported file: it was registered by an earlier version; name another")


def load_registered(uri: str, threads: int = 0, providers: Sequence[str] = ("CPUExecutionProvider",)) -> Recognizer:
    """Loads a registered model such as `models:/captcha-ocr@champion`.

    `threads` is the most that one call may use; 0 means one for each core. Raises CaptchaOcrError as `download` does,
    and if the file cannot be loaded.
    """
    return Recognizer.from_bytes(download(uri).read_bytes(), uri, threads, providers)
