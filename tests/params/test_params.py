from pathlib import Path

import pytest
import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from tests.modules import ROOT

SHIPPED = ROOT / "params.yaml"


def changed(tmp_path: Path, section: str, key: str, value: object) -> Path:
    values = yaml.safe_load(SHIPPED.read_text())
    values[section][key] = value
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values))
    return path


def test_the_shipped_parameters_load_and_are_frozen() -> None:
    params = load_params(SHIPPED)
    with pytest.raises(ValueError, match="frozen"):
        params.train.seed = 3


@pytest.mark.parametrize(
    ("section", "key", "value", "said"),
    [
        ("train", "epoch", 3, r"train\.epoch = 3: Extra inputs are not permitted"),
        ("train", "epochs", 0, r"train\.epochs = 0: .*greater than or equal to 1"),
        ("train", "learning_rate", float("nan"), r"train\.learning_rate = nan: .*finite"),
        ("text", "alphabet", 23456, r"text\.alphabet = 23456: .*string"),
        ("text", "alphabet", "aab", r"alphabet holds a more than once"),
        ("text", "min_length", 9, r"min_length 9 is above max_length 5"),
        ("text", "label_pattern", "(", r"label_pattern is no regular expression"),
        ("text", "label_pattern", ".*", r"exactly one group"),
        ("split", "test", 0.95, r"leave nothing to train on"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(tmp_path: Path, section: str, key: str, value: object, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        load_params(changed(tmp_path, section, key, value))


def test_a_missing_file_says_where_to_run(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match="run from the project's root"):
        load_params(tmp_path / "params.yaml")


def test_text_that_is_no_yaml_is_said(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("a: [")
    with pytest.raises(CaptchaOcrError, match="is not YAML"):
        load_params(tmp_path / "params.yaml")
