"""Models that a run logs, in a real store."""

from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient

from captcha_ocr.register.logged_model import log_model
from tests.stores import local_store

CONTENT = {"python_model": "model.py", "pip_requirements": []}
MODEL = """
import mlflow


class Model(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input):
        return model_input


mlflow.models.set_model(Model())
"""


class KilledError(Exception):
    """In place of a kill."""


def kill(*_: Any) -> None:
    raise KilledError


@pytest.mark.parametrize("killed_in", ["log_model_artifacts", "finalize_logged_model"])
def test_a_model_whose_logging_was_killed_is_completed_and_not_logged_twice(
    killed_in: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_store(tmp_path), mlflow.start_run(experiment_id="0") as run:  # not the one that another test has set
        Path("model.py").write_text(MODEL)
        with monkeypatch.context() as patch:
            patch.setattr(MlflowClient, killed_in, kill)
            with pytest.raises(KilledError):
                log_model(run.info.run_id, "ab12", {"cer": 0.5}, CONTENT)
        first, uri = (log_model(run.info.run_id, "ab12", {"cer": 0.5}, CONTENT) for _ in range(2))
        (model,) = MlflowClient().search_logged_models([run.info.experiment_id])
        assert (first, uri, model.status) == (uri, f"models:/{model.model_id}", "READY")
        assert [(metric.key, metric.value) for metric in model.metrics] == [("cer", 0.5)]
        logged = MlflowClient().get_run(run.info.run_id)
        assert [output.model_id for output in logged.outputs.model_outputs] == [model.model_id]
        assert not logged.inputs.model_inputs
        assert mlflow.pyfunc.load_model(uri).predict(["a"]) == ["a"]
        assert mlflow.models.get_model_info(uri).run_id == run.info.run_id
