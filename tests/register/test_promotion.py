"""The decision on a real store; the whole story is in tests/end_to_end/test_registry.py."""

from dataclasses import replace
from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from captcha_ocr.artifacts.dataset.labelled_pictures import LabelledPictures
from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.export_report import FLOAT32
from captcha_ocr.base.code_version import lock_digest
from captcha_ocr.params.params import load_params
from captcha_ocr.register import champions
from captcha_ocr.register.gate import Challenger
from captcha_ocr.register.promotion import Decision, challenger, decide
from captcha_ocr.register.registry import LOCK_TAG
from captcha_ocr.register.trained_on import TrainedOn
from tests.modules import ROOT
from tests.results import pipeline_results
from tests.stores import empty_store, store_with_versions

GATE = load_params(ROOT / "params.yaml").register_
NONE = PictureShards(Path())
DATA = TrainedOn("a", "pinned")
GOOD = Challenger(
    exact_match=1.0, cer=0.0, ece=0.01, text_mismatches=0, milliseconds=1.0, kilobytes=900.0, is_synthetic=False
)


def test_a_champion_that_cannot_be_read_with_stays_champion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = empty_store(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    mlflow.set_tracking_uri(uri)
    client = MlflowClient()
    client.create_registered_model("reader")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "README").write_text("no exported file")
    for _ in range(2):
        client.create_model_version("reader", source=(tmp_path / "model").as_uri())
    champions.promote("reader", "1", "first")
    decision = decide("reader", "2", GOOD, ["a"], LabelledPictures(NONE, ["a.png"], ["a"]), DATA, GATE)
    assert (decision.promoted, decision.compared_with, decision.comparison) == (False, "1", None)
    (reason,) = decision.reasons
    assert "the champion, version 1, cannot be loaded for a comparison" in reason
    assert "holds no exported file" in reason
    assert champions.champion("reader") == "1"


def test_a_promotion_that_a_kill_has_cut_off_is_completed_and_told_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store_with_versions(tmp_path, "reader", 1))
    client, pictures = MlflowClient(), LabelledPictures(NONE, ["a.png"], ["a"])
    Path("dvc.lock").write_text("of this pipeline run")
    client.set_model_version_tag("reader", "1", LOCK_TAG, lock_digest())
    champions.promote("reader", "1", "the first champion")
    client.delete_registered_model_alias("reader", "champion")  # as if the kill had come between log and alias
    decision = decide("reader", "1", GOOD, ["a"], pictures, DATA, GATE)
    assert decision == Decision(True, ["the first champion"], None, None)
    assert str(client.get_model_version_by_alias("reader", "champion").version) == "1"
    assert len(champions.history("reader")) == 1
    Path("dvc.lock").write_text("of the next pipeline run")
    assert decide("reader", "1", GOOD, ["a"], pictures, DATA, GATE).reasons == ["it was champion already"]


def test_the_gate_looks_at_what_the_file_reads_and_else_at_the_reports(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(bytes(1500))
    results, pictures = pipeline_results(), LabelledPictures(NONE, ["a.png", "b.png"], ["ab", "cd"])
    found = challenger(tmp_path / "model.onnx", ["ab", "ce"], pictures, results)
    assert found == Challenger(
        exact_match=0.5,
        cer=0.25,
        ece=results.metrics.ece,
        text_mismatches=results.parity.text_mismatches,
        milliseconds=results.export.files[FLOAT32].p50_ms[1],
        kilobytes=1.5,
        is_synthetic=False,
    )
    look_alikes = replace(results, provenance=results.provenance.model_copy(update={"origin": "synthetic"}))
    assert challenger(tmp_path / "model.onnx", ["ab", "ce"], pictures, look_alikes).is_synthetic
