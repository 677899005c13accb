"""The model registry: versions, and the aliases @challenger and @champion."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import mlflow
import numpy as np
import onnx
from mlflow import MlflowClient
from mlflow.models import infer_signature
from numpy.typing import NDArray

CHALLENGER, CHAMPION = "challenger", "champion"


@dataclass(frozen=True)
class Version:
    """A registered version of a model."""

    name: str
    number: str


def _existing(client: MlflowClient, name: str, digest: str) -> Version | None:
    """The version that already holds this very file, so that registering again adds none."""
    found = client.search_model_versions(f"name = '{name}' and tags.onnx_sha256 = '{digest}'")
    newest = max(found, key=lambda version: int(version.version), default=None)
    return Version(name, str(newest.version)) if newest else None


def register_model(
    model: onnx.ModelProto,
    example: NDArray[np.uint8],
    probabilities: NDArray[np.float32],
    name: str,
    tags: Mapping[str, str],
    metrics: Mapping[str, float],
) -> Version:
    """Logs `model` to the active run with signature and input example, and registers it as `name`.

    `tags` holds at least `onnx_sha256`. A file that is registered already keeps its version.
    """
    client = MlflowClient()
    if known := _existing(client, name, tags["onnx_sha256"]):
        return known
    signature = infer_signature({"image": example}, {"probabilities": probabilities})
    info = mlflow.onnx.log_model(
        model,
        name="model",
        signature=signature,
        input_example={"image": example},
        registered_model_name=name,
        onnx_execution_providers=["CPUExecutionProvider"],
        save_as_external_data=False,
    )
    mlflow.log_metrics(dict(metrics), model_id=info.model_id)
    version = Version(name, str(info.registered_model_version))
    for key, value in tags.items():
        client.set_model_version_tag(name, version.number, key, value)
    return version


def set_alias(version: Version, alias: str) -> None:
    """Points `alias` at `version`, taking it from whichever version held it."""
    MlflowClient().set_registered_model_alias(version.name, alias, version.number)


def champion(name: str) -> str | None:
    """The number of the version that is champion now."""
    model = MlflowClient().get_registered_model(name)
    number: Any = model.aliases.get(CHAMPION)
    return str(number) if number is not None else None
