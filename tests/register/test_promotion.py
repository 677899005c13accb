"""The decision on a real store; the whole story is in tests/end_to_end/test_registry.py."""

from pathlib import Path

import mlflow
import pytest
from mlflow import MlflowClient

from captcha_ocr.network.samples import Pictures
from captcha_ocr.params.params import load_params
from captcha_ocr.register import champions
from captcha_ocr.register.gate import Challenge
from captcha_ocr.register.promotion import decide
from tests.modules import ROOT

GATE = load_params(ROOT / "params.yaml").register_
GOOD = Challenge(1.0, 0.0, 0.01, 0, 1.0, 900.0, "pinned")


def test_a_champion_that_cannot_be_read_with_is_not_deposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    uri = f"sqlite:///{tmp_path / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    mlflow.set_tracking_uri(uri)
    client = MlflowClient()
    client.create_registered_model("reader")
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "README").write_text("no exported file")
    for _ in range(2):
        client.create_model_version("reader", source=(tmp_path / "model").as_uri())
    champions.promote("reader", "1", "first")
    decision = decide("reader", "2", GOOD, ["a"], Pictures([], ["a"]), GATE)
    assert not decision.promoted
    assert "the champion, version 1, cannot be read with" in decision.sentence()
    assert "holds no exported file" in decision.sentence()
    assert champions.champion("reader") == "1"
