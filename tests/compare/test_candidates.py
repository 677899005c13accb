from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.compare.candidates import WORKSPACE, candidate
from tests.examples import assert_same, predictions
from tests.stores import empty_store


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that a comparison needs of a project."""
    monkeypatch.chdir(tmp_path)
    for folder in ("models", "reports"):
        Path(folder).mkdir()
    Path("params.yaml").write_text("train: {seed: 7}\n")
    Path("models/model.onnx").write_bytes(b"the model")
    predictions(["001"], ["nan"]).write_to(Path("reports"))
    return tmp_path


def test_the_workspace_is_read_from_its_files(workspace: Path) -> None:
    found = candidate(WORKSPACE)
    assert (found.name, found.params, found.model) == (WORKSPACE, {"train": {"seed": 7}}, b"the model")
    assert_same(found.predictions, predictions(["001"], ["nan"]))


def test_a_file_that_the_workspace_lacks_is_named(workspace: Path) -> None:
    (workspace / "models" / "model.onnx").unlink()
    with pytest.raises(CaptchaOcrError, match=r"models/model\.onnx does not exist in the workspace: run `dvc repro`"):
        candidate(WORKSPACE)


def test_predictions_of_an_older_version_are_refused_with_the_candidate_s_name(workspace: Path) -> None:
    (workspace / "reports" / "predictions.csv").write_text("file,label,text\n")
    with pytest.raises(CaptchaOcrError, match=r"workspace: reports/predictions\.csv is not as this version writes it"):
        candidate(WORKSPACE)


def test_a_revision_that_git_does_not_know_is_named(workspace: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"no-such-branch: reports/predictions\.csv cannot be read"):
        candidate("no-such-branch")


@pytest.mark.parametrize("spec", ["0" * 32, "models:/nothing@champion", "models:/nothing/3"])
def test_what_the_store_does_not_know_is_named(spec: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", empty_store(tmp_path))
    with pytest.raises(CaptchaOcrError, match=f"{spec} is not in the (store|registry)"):
        candidate(spec)
