"""MLflow stores of a test's own."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric import ec
from mlflow import MlflowClient

from captcha_ocr.tracking.database import ready_database

DATABASE = "mlflow.db"


@cache
def _empty_database() -> bytes:
    # To create the tables takes a second, to copy them none.
    with TemporaryDirectory() as folder:
        ready_database(file := Path(folder, DATABASE))
        return file.read_bytes()


def empty_store(folder: Path) -> str:
    """The URI of a store without runs or models, a SQLite file in `folder`."""
    (folder / DATABASE).write_bytes(_empty_database())
    return f"sqlite:///{folder / DATABASE}"


def store_with_versions(folder: Path, name: str, count: int) -> str:
    """The URI of a store in `folder` with `count` versions of the model `name`; MLflow's clients look there now."""
    uri = empty_store(folder)
    mlflow.set_tracking_uri(uri)
    client = MlflowClient()
    client.create_registered_model(name)
    for _ in range(count):
        client.create_model_version(name, source=f"file://{folder}")
    return uri


def registered_version(name: str, file: bytes, tags: dict[str, str]) -> str:
    """Registers `file` in the current store as `register_model` does, but without MLflow's model of it; its number."""
    client = MlflowClient()
    model = client.finalize_logged_model(client.create_logged_model("0", name="model").model_id, "READY")
    with TemporaryDirectory() as folder:
        Path(folder, "model.onnx").write_bytes(file)
        client.log_model_artifacts(model.model_id, folder, "artifacts")
    uri = f"models:/{model.model_id}"
    return str(client.create_model_version(name, uri, tags=tags, model_id=model.model_id).version)


def logged_model(name: str, number: str) -> str:
    """The id of the model that a version is of."""
    return str(MlflowClient().get_model_version(name, number).source).removeprefix("models:/")


def replace_file(name: str, number: str, content: bytes) -> None:
    """Overwrites the exported file of a registered version, as whoever may write to its experiment can."""
    client = MlflowClient()
    with TemporaryDirectory() as folder:
        Path(folder, "model.onnx").write_bytes(content)
        client.log_model_artifacts(logged_model(name, number), folder, "artifacts")


def store_with_reader(folder: Path, patch: pytest.MonkeyPatch, content: bytes) -> MlflowClient:
    """A store in `folder`, where the process works now, with the model `reader`, of which `content` is version 1 and
    champion. Nobody's signature is asked for.
    """
    patch.chdir(folder)
    patch.setenv("MLFLOW_TRACKING_URI", empty_store(folder))
    for name in ("TRUSTED_KEY", "TRUSTED_IDENTITY", "TRUSTED_ISSUER", "TRUST_CONFIG", "SIGNING_KEY_PASSWORD"):
        patch.delenv(f"CAPTCHA_OCR_{name}", raising=False)
    mlflow.set_tracking_uri(os.environ["MLFLOW_TRACKING_URI"])
    client = MlflowClient()
    client.create_registered_model("reader")
    registered_version("reader", content, {"onnx_sha256": hashlib.sha256(content).hexdigest()})
    client.set_registered_model_alias("reader", "champion", "1")
    return client


def key_pair(folder: Path, name: str, password: str = "") -> Path:
    """The private key `folder/name.pem`, with its public half `folder/name.pub` beside it."""
    key, file = ec.generate_private_key(ec.SECP256R1()), folder / f"{name}.pem"
    hidden = pem.BestAvailableEncryption(password.encode()) if password else pem.NoEncryption()
    file.write_bytes(key.private_bytes(pem.Encoding.PEM, pem.PrivateFormat.PKCS8, hidden))
    public = key.public_key().public_bytes(pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    file.with_suffix(".pub").write_bytes(public)
    return file


@contextmanager
def local_store(folder: Path) -> Iterator[None]:
    """For the block, the process works in `folder`, with the store that a project there has by default."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_ID"):
            patch.setenv(name, "")  # MLflow sets them, for its child processes
        (folder / "mlruns").mkdir()
        empty_store(folder / "mlruns")
        yield
        mlflow.set_tracking_uri(None)
