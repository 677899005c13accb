from pathlib import Path

import pytest

from captcha_ocr.artifacts.pipeline_run import FitResults, PipelineResults
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from tests.examples import EXAMPLES, assert_same
from tests.modules import ROOT

PARAMS = ROOT / "params.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a pipeline run."""
    for example in EXAMPLES:
        example.write_to(tmp_path)
    return tmp_path


def read(kind: type[FitResults], folder: Path) -> FitResults:
    return kind.read(PARAMS, folder / "provenance.json", folder / "run.json", folder)


def test_results_are_what_the_files_of_a_pipeline_run_hold(folder: Path) -> None:
    results = read(PipelineResults, folder)
    values = {type(value): value for value in vars(results).values()}
    assert values.pop(type(results.params)) == load_params(PARAMS)
    examples = {type(example): example for example in EXAMPLES}
    for kind, value in values.items():
        assert_same(value, examples[kind])


def test_a_fit_needs_no_file_of_a_later_stage(folder: Path) -> None:
    for name in ("metrics.json", "export.json", "predictions.csv"):
        (folder / name).unlink()
    assert read(FitResults, folder).record == RunRecord.read_from(folder)
    with pytest.raises(CaptchaOcrError, match=r"metrics\.json does not exist"):
        read(PipelineResults, folder)


def test_a_file_of_an_older_version_is_named(folder: Path) -> None:
    (folder / "run.json").write_text('{"image": {"width": 96}}')
    with pytest.raises(CaptchaOcrError, match=r"run\.json is not as this version writes it .*--force train"):
        read(FitResults, folder)
