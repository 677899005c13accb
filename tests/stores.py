"""MLflow stores of a test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import mlflow
import pytest
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
