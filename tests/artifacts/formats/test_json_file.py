import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from captcha_ocr.artifacts.formats.json_file import JsonFile, Part
from captcha_ocr.base.errors import CaptchaOcrError


class Inner(Part):
    count: int
    note: str | None = None


class Example(JsonFile):
    file_name, written_by = "example.json", "evaluate"

    name: str
    share: float
    inner: Inner
    by_size: dict[int, float]
    limit: float | None = None


WHOLE = {"name": "a", "share": 1, "inner": {"count": 1}, "by_size": {}}
EXAMPLE = Example(name="é漢", share=0.1 + 0.2, inner=Inner(count=1), by_size={32: 1 / 3})


def assert_refused(content: str, why: str) -> None:
    with pytest.raises(CaptchaOcrError) as refused:
        Example.parse(content.encode(), "reports/example.json")
    said = str(refused.value)
    assert said.startswith(f"reports/example.json is not as this version writes it ({why}")
    assert said.endswith("): write it again with `dvc repro --force evaluate`")


def test_what_is_none_is_left_out_and_read_as_none(tmp_path: Path) -> None:
    EXAMPLE.write_to(tmp_path)
    assert json.loads((tmp_path / "example.json").read_text(encoding="utf-8")) == {
        "name": "é漢",
        "share": 0.1 + 0.2,
        "inner": {"count": 1},
        "by_size": {"32": 1 / 3},
    }
    assert Example.read_from(tmp_path) == EXAMPLE


@pytest.mark.parametrize("share", [float("inf"), 5e-324, 1.7976931348623157e308, 1 / 3])
def test_numbers_are_read_as_they_were_written_to_the_last_bit(share: float, tmp_path: Path) -> None:
    EXAMPLE.model_copy(update={"share": share}).write_to(tmp_path)
    assert Example.read_from(tmp_path).share == share


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"name": "a", "inner": {"count": 1}, "by_size": {}}, "share: Field required"),
        (WHOLE | {"inner": {}}, "inner.count: Field required"),
        (WHOLE | {"drift": 1}, "drift: Extra inputs are not permitted"),
        (WHOLE | {"inner": {"count": 1, "sum": 1}}, "inner.sum: Extra inputs are not permitted"),
        (WHOLE | {"share": "high"}, "share: Input should be a valid number"),
        ({"images": 1} | WHOLE | {"share": None, "name": 1}, "name: Input should be a valid string, share: Input"),
        ([], "content: Input should be an object"),
    ],
)
def test_what_this_version_does_not_write_is_refused_by_name_with_the_remedy(values: object, why: str) -> None:
    assert_refused(json.dumps(values), why)


@pytest.mark.parametrize("content", ["", "{", "<<<<<<< HEAD"])
def test_what_is_no_json_is_refused_likewise(content: str) -> None:
    assert_refused(content, "content: Invalid JSON")


def test_a_file_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"example\.json does not exist: run the stage that writes it"):
        Example.read_from(tmp_path)


def test_what_was_read_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        EXAMPLE.share = 1.0
