from hashlib import md5
from pathlib import Path

import pytest
import yaml

from captcha_ocr.artifacts.dvc_lock import check_parameters, is_reported
from captcha_ocr.base.errors import CaptchaOcrError

PARAMS, RECORD = Path("params.yaml"), Path("run.json")


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stages that ran with a seed of 1, and read one record."""
    monkeypatch.chdir(tmp_path)
    RECORD.write_text("{}")
    dep = {"path": "run.json", "md5": md5(RECORD.read_bytes()).hexdigest()}
    train = {"params": {"params.yaml": {"train": {"seed": 1}, "text.alphabet": "ab"}}}
    behind = {name: {"deps": [dep]} for name in ("evaluate", "export")}
    stages = {"train": train, **behind, "report": {"deps": [dep], "params": {"params.yaml": {"train": {"seed": 1}}}}}
    Path("dvc.lock").write_text(yaml.safe_dump({"stages": stages}))


def test_parameters_that_were_edited_since_are_not_those_of_the_run() -> None:
    PARAMS.write_text(yaml.safe_dump({"text": {"alphabet": "ab"}, "train": {"seed": 1}}))
    check_parameters(PARAMS, RECORD)
    PARAMS.write_text(yaml.safe_dump({"text": {"alphabet": "ab"}, "train": {"seed": 2}}))
    with pytest.raises(CaptchaOcrError, match=r"train.seed in params.yaml is 2, and the stage \w+ ran with 1: take"):
        check_parameters(PARAMS, RECORD)


def test_reports_of_an_earlier_fit_are_told_from_those_of_this_one() -> None:
    assert is_reported(RECORD)
    RECORD.write_text('{"epochs": 2}')
    assert not is_reported(RECORD)


def test_before_the_first_run_nothing_is_reported_and_any_parameter_may_be_set() -> None:
    Path("dvc.lock").unlink()
    PARAMS.write_text(yaml.safe_dump({"train": {"seed": 5}}))
    assert not is_reported(RECORD)
    check_parameters(PARAMS, RECORD)


def test_what_a_stage_read_of_an_earlier_record_says_nothing_of_this_one() -> None:
    """A second fit with another seed, and reports that are still those of the first."""
    lock = yaml.safe_load(Path("dvc.lock").read_text())
    lock["stages"]["train"]["params"]["params.yaml"]["train"]["seed"] = 2
    Path("dvc.lock").write_text(yaml.safe_dump(lock))
    RECORD.write_text('{"epochs": 2}')
    PARAMS.write_text(yaml.safe_dump({"text": {"alphabet": "ab"}, "train": {"seed": 2}}))
    check_parameters(PARAMS, RECORD)


@pytest.mark.parametrize("content", [b"", b"schema: '2", b"null", b"[]", b"7", b"{}", b"stages: 7", bytes(50), b"\xff"])
def test_a_damaged_lock_is_named_with_the_remedy(content: bytes) -> None:
    Path("dvc.lock").write_bytes(content)
    with pytest.raises(CaptchaOcrError, match=r"^dvc\.lock is damaged .*`git checkout dvc\.lock`"):
        is_reported(RECORD)
