"""Which models are compared with which: registered versions on a real store."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mlflow
import onnx
import pytest
from mlflow import MlflowClient
from PIL import Image

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import Picture, PictureShards, write_shards
from captcha_ocr.base.files import sha256_of
from captcha_ocr.export.whole_graph import with_metadata
from captcha_ocr.params.params import load_params
from captcha_ocr.register import champions
from captcha_ocr.register.gate import Challenger
from captcha_ocr.register.promotion import Decision, decide
from captcha_ocr.register.trained_on import TrainedOn, trained_on
from tests.exported import ALPHABET, exported, untrained
from tests.modules import ROOT
from tests.results import pipeline_results
from tests.stores import empty_store

NAME = "reader"
GATE = load_params(ROOT / "params.yaml").register_
GOOD = Challenger(
    exact_match=1.0, cer=0.0, ece=0.01, text_mismatches=0, milliseconds=1.0, kilobytes=900.0, is_synthetic=False
)
PLATES = TrainedOn(ALPHABET, "own: plates")


def of_source(source: str) -> dict[str, Any]:
    """The part of an exported file's metadata that says where the pictures came from."""
    return {"alphabet": ALPHABET, "parameters": {"fetch": {"source": source}}}


@pytest.fixture(scope="module")
def model() -> onnx.ModelProto:
    return exported(untrained())


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        uri = empty_store(tmp_path)
        patch.setenv("MLFLOW_TRACKING_URI", uri)
        mlflow.set_tracking_uri(uri)
        MlflowClient().create_registered_model(NAME)
        yield tmp_path
        mlflow.set_tracking_uri(None)


def register(folder: Path, model: onnx.ModelProto, metadata: dict[str, Any], tags: dict[str, str]) -> str:
    """The number of a new version with these tags, whose file holds `metadata`."""
    file = folder / f"version{len(list(folder.iterdir()))}" / "artifacts" / "model.onnx"
    file.parent.mkdir(parents=True)
    onnx.save(with_metadata(model, metadata), file)
    source = file.parent.parent.as_uri()
    digest = {"onnx_sha256": sha256_of(file)}
    return str(MlflowClient().create_model_version(NAME, source=source, tags=tags | digest).version)


def decided(folder: Path, version: str, data: TrainedOn) -> Decision:
    """The decision on a version that reads the one test picture right."""
    file = io.BytesIO()
    Image.new("L", (64, 16)).save(file, "PNG")
    write_shards(folder / "pictures", [Picture("a.png", file.getvalue(), "a", None)])
    pictures = LabelledPictures(PictureShards(folder / "pictures"), ["a.png"], ["a"])
    return decide(NAME, version, GOOD, ["a"], pictures, data, GATE.model_copy(update={"margin": 1.0}))


@pytest.mark.parametrize(
    ("metadata", "tags"),
    [
        (of_source("elsewhere/Plates.tar.gz"), {}),  # registered before there was a tag
        (of_source(""), PLATES.tags()),
    ],
)
def test_a_champion_of_the_same_data_set_is_compared_and_replaced(
    folder: Path, model: onnx.ModelProto, metadata: dict[str, Any], tags: dict[str, str]
) -> None:
    champions.promote(NAME, register(folder, model, metadata, tags), "first")
    decision = decided(folder, register(folder, model, metadata, tags), PLATES)
    assert decision.comparison is not None
    assert (decision.promoted, decision.compared_with) == (True, "1")


@pytest.mark.parametrize(
    ("metadata", "tags", "data", "said"),
    [
        (of_source("meters.zip"), {}, PLATES, "its data set is 'own: meters', and not 'own: plates'"),
        (of_source(""), {}, PLATES, "its data set is 'pinned', and not 'own: plates'"),
        (of_source(""), {"data_origin": "synthetic"}, TrainedOn(ALPHABET, "pinned"), "'synthetic', and not 'pinned'"),
        (of_source(""), PLATES.tags(), TrainedOn("abcd", "own: plates"), "lacks cd, its alphabet also has 1"),
        ({"alphabet": ALPHABET}, {}, PLATES, "neither its tags nor its file say which pictures"),
    ],
)
def test_a_champion_of_other_data_stays_and_is_named(
    folder: Path, model: onnx.ModelProto, metadata: dict[str, Any], tags: dict[str, str], data: TrainedOn, said: str
) -> None:
    champions.promote(NAME, register(folder, model, metadata, tags), "first")
    decision = decided(folder, register(folder, model, metadata, tags), data)
    assert (decision.promoted, decision.compared_with, decision.comparison) == (False, "1", None)
    (reason,) = decision.reasons
    assert "champion, version 1" in reason
    assert said in reason
    assert "captcha-ocr promote" in reason
    assert champions.champion(NAME) == "1"


def test_the_order_of_an_alphabet_does_not_matter() -> None:
    assert TrainedOn("ab1", "pinned").differences(TrainedOn("1ab", "pinned")) == []


def test_a_pipeline_run_knows_its_data_and_a_tag_is_never_too_long() -> None:
    results = pipeline_results()
    found = trained_on(results)
    assert found == TrainedOn(results.record.alphabet, "own: pictures")
    assert found.tags()["alphabet"] == results.record.alphabet
    thousands = "".join(map(chr, range(0x4E00, 0x4E00 + 3000)))
    assert TrainedOn(thousands, "pinned").tags() == {"data_lineage": "pinned", "alphabet": "3000 symbols"}
