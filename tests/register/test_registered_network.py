"""The network of a registered version: a real store, and a real exported file that names the network."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlparse

import mlflow
import pytest
from mlflow import MlflowClient

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.export.whole_graph import with_metadata
from captcha_ocr.register.registered_network import registered_network
from tests.exported import ALPHABET, exported, untrained
from tests.stores import store_with_reader

CHAMPION = "models:/reader@champion"
NETWORK = b"the network"


@pytest.fixture(scope="module")
def files() -> dict[bool, bytes]:
    """An exported file that says which network it is of, and one that does not."""
    model, about = exported(untrained()), {"alphabet": ALPHABET, "architecture": "compact"}
    digest = {"network_sha256": hashlib.sha256(NETWORK).hexdigest()}
    return {said: with_metadata(model, about | (digest if said else {})).SerializeToString() for said in (True, False)}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[bool, bytes]) -> Iterator[MlflowClient]:
    """A store whose run has logged NETWORK; version 2 of `reader`, the champion, is of that run."""
    client = store_with_reader(tmp_path, monkeypatch, files[False])
    run = client.create_run("0")
    log_network(client, run.info.run_id, tmp_path, NETWORK)
    tags = {"onnx_sha256": hashlib.sha256(files[True]).hexdigest()}
    model = client.create_logged_model("0", name="model", source_run_id=run.info.run_id)
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(files[True])
    client.finalize_logged_model(model.model_id, "READY")
    client.log_model_artifacts(model.model_id, str(folder), "artifacts")
    uri = f"models:/{model.model_id}"
    client.create_model_version("reader", uri, run_id=run.info.run_id, tags=tags, model_id=model.model_id)
    client.set_registered_model_alias("reader", "champion", "2")
    yield client
    mlflow.set_tracking_uri(None)


def log_network(client: MlflowClient, run_id: str, folder: Path, content: bytes) -> None:
    (folder / "model.keras").write_bytes(content)
    client.log_artifact(run_id, str(folder / "model.keras"), "models")


def test_the_network_of_an_alias_is_taken_with_its_version_and_symbols(store: MlflowClient) -> None:
    found = registered_network(CHAMPION)
    assert (found.version, found.content, found.sha256) == ("2", NETWORK, hashlib.sha256(NETWORK).hexdigest())
    assert (found.alphabet, found.architecture) == (ALPHABET, "compact")


def test_a_network_that_was_replaced_in_its_run_is_refused(store: MlflowClient, tmp_path: Path) -> None:
    run_id = store.get_model_version("reader", "2").run_id
    log_network(store, str(run_id), tmp_path, b"another")
    with pytest.raises(CaptchaOcrError, match=r"version 2 of reader: its run .* was replaced since\. Do not"):
        registered_network(CHAMPION)


def test_a_file_that_does_not_name_its_network_is_refused(store: MlflowClient) -> None:
    with pytest.raises(CaptchaOcrError, match="version 1 of reader does not say which network"):
        registered_network("models:/reader/1")


def test_a_run_without_its_network_is_named(store: MlflowClient) -> None:
    run_id = str(store.get_model_version("reader", "2").run_id)
    artifacts = Path(urlparse(str(store.get_run(run_id).info.artifact_uri)).path)
    (artifacts / "models" / "model.keras").unlink()
    with pytest.raises(
        CaptchaOcrError, match=f"the network of version 2 of reader cannot be had from its run {run_id}"
    ):
        registered_network(CHAMPION)
