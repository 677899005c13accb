from pathlib import Path

import pytest

from captcha_ocr.artifacts.pipeline_run import FitResults, PipelineResults
from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from tests.examples import EXAMPLES, EXPECTATION, assert_same
from tests.modules import ROOT

PARAMS = ROOT / "params.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a pipeline run."""
    for example in EXAMPLES:
        example.write_to(tmp_path)
    EXPECTATION.write_to(tmp_path / "expect")
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


@pytest.mark.parametrize("change", [{"data_digest": "5027"}, {"architecture": "keras_io"}])
def test_what_is_expected_of_other_pictures_or_another_network_is_left_out(
    folder: Path, change: dict[str, str]
) -> None:
    EXPECTATION.model_copy(update=change).write_to(folder / "expect")
    results = read(PipelineResults, folder)
    assert isinstance(results, PipelineResults)
    assert results.expectation is None


def test_a_damaged_expectation_is_left_out_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "expect" / "expect.json").write_text("{}")
    results = read(PipelineResults, folder)
    assert isinstance(results, PipelineResults)
    assert results.expectation is None
    assert "run `make expect` again. The report leaves it out" in capsys.readouterr().out


def test_a_file_of_an_older_version_is_named(folder: Path) -> None:
    (folder / "run.json").write_text('{"image": {"width": 96}}')
    with pytest.raises(CaptchaOcrError, match=r"run\.json is not as this version writes it .*--force train"):
        read(FitResults, folder)
