import json
from pathlib import Path

import pytest

from captcha_ocr.artifacts.run_record import RunRecord
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.recipe import TrainParams
from tests.examples import FIT, RECORD


def test_the_record_holds_every_parameter_of_the_fit_defaults_included(tmp_path: Path) -> None:
    RECORD.write_to(tmp_path)
    written = json.loads((tmp_path / "run.json").read_text())["train"]
    assert set(written) == set(TrainParams.model_fields)
    assert RunRecord.read_from(tmp_path).train == RECORD.train


def test_a_record_without_one_of_the_parameters_of_an_architecture_is_refused() -> None:
    values = RECORD.model_dump(mode="json", exclude_none=True)
    del values["train"]["batch_size"]
    with pytest.raises(CaptchaOcrError, match=r"run\.json .*train\.batch_size: Field required.*--force train"):
        RunRecord.parse(json.dumps(values).encode(), "run.json")


def test_the_record_of_a_fit_alone_is_no_record_of_a_pipeline_run() -> None:
    with pytest.raises(CaptchaOcrError, match=r"run_id: Field required, data_digest: Field .*, environment"):
        RunRecord.parse(FIT.model_dump_json(exclude_none=True).encode(), "run.json")


def test_a_fit_from_random_weights_that_misreads_its_surest_picture_says_neither(tmp_path: Path) -> None:
    record = RECORD.model_copy(update={"pretrained_weights": None, "confidence_threshold": None})
    record.write_to(tmp_path)
    assert not {"pretrained_weights", "confidence_threshold"} & set(json.loads((tmp_path / "run.json").read_text()))
    assert RunRecord.read_from(tmp_path) == record


def test_a_fit_on_a_processor_alone_is_tagged_so() -> None:
    device = RECORD.device.model_copy(update={"accelerators": ()})
    assert device.tags() == {
        "backend": "tensorflow",
        "device": "cpu",
        "precision": "mixed_float16",
        "jit_compile": "true",
    }


def test_a_record_from_before_fit_and_lines_is_of_stretched_pictures_with_one_line() -> None:
    values = RECORD.model_dump(mode="json", exclude_none=True)
    for key in ("fit", "lines"):
        del values["train"][key], values["input_size"][key]
    assert RunRecord.parse(json.dumps(values).encode(), "run.json") == RECORD
