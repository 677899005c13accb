"""Registered models as recognisers, from a real store."""

from collections.abc import Iterator
from pathlib import Path

import mlflow
import onnx
import pytest
from mlflow import MlflowClient

import captcha_ocr
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import sha256_of
from captcha_ocr.recognizer import Recognizer
from captcha_ocr.register.registry import load_registered
from tests.exported import exported, noise, untrained
from tests.stores import empty_store


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The exported file of version 1 of the model `reader`, its champion; version 2 holds none."""
    folder = tmp_path_factory.mktemp("registry")
    file = folder / "good" / "artifacts" / "model.onnx"
    file.parent.mkdir(parents=True)
    onnx.save(exported(untrained()), file)
    (folder / "old").mkdir()
    (folder / "old" / "README").write_text("no exported file")
    with pytest.MonkeyPatch.context() as patch:
        uri = empty_store(folder)
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        mlflow.set_tracking_uri(uri)
        client = MlflowClient()
        client.create_registered_model("reader")
        for source in ("good", "old"):
            tags = {"onnx_sha256": sha256_of(file)}
            client.create_model_version("reader", source=(folder / source).as_uri(), tags=tags)
        client.set_registered_model_alias("reader", "champion", "1")
        yield file
        mlflow.set_tracking_uri(None)


@pytest.mark.parametrize("uri", ["models:/reader/1", "models:/reader@champion"])
def test_a_registered_model_reads_what_its_file_reads(model: Path, uri: str) -> None:
    pictures = noise(3)
    assert load_registered(uri, threads=1).read(pictures) == Recognizer.load(model, threads=1).read(pictures)


@pytest.mark.parametrize(
    ("uri", "said"),
    [
        ("models:/reader@nobody", r"models:/reader@nobody is not in the registry at sqlite:///.*mlflow\.db"),
        ("models:/reader/2", "models:/reader/2 holds no exported file"),
    ],
)
def test_a_model_that_cannot_be_loaded_is_named(model: Path, uri: str, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        load_registered(uri)


def test_the_package_offers_it_by_its_name() -> None:
    assert captcha_ocr.load_registered is load_registered
