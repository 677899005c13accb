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
        (
            "text",
            "alphabet",
            "abe\u0301",
            r"not in Unicode's form NFC.*: U\+0065 U\+0301 is U\+00E9 \(é\) there; where a m",
        ),
        ("text", "alphabet", "ab\u212b", r"U\+212B is U\+00C5 \(Å\) there"),
        ("text", "min_length", 9, r"(?m)^  text: min_length 9 is above max_length 5$"),
        ("text", "label_pattern", "(", r"label_pattern is no regular expression"),
        ("text", "label_pattern", ".*", r"exactly one group"),
        ("split", "test", 0.95, r"leave nothing to train on"),
    ],
)
def test_a_wrong_value_is_named_with_its_key(tmp_path: Path, section: str, key: str, value: object, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        load_params(changed(tmp_path, section, key, value))


def test_an_alphabet_may_hold_thousands_of_symbols_and_marks_of_their_own(tmp_path: Path) -> None:
    alphabet = "\u0301" + "".join(map(chr, range(0x4E00, 0x4E00 + 5000)))
    assert load_params(changed(tmp_path, "text", "alphabet", alphabet)).text.alphabet == alphabet


def complaints_without(tmp_path: Path, *keys: str) -> str:
    """What is said of the shipped parameters where a key of nested `keys` is left out."""
    values = inner = yaml.safe_load(SHIPPED.read_text())
    for key in keys[:-1]:
        inner = inner[key]
    del inner[keys[-1]]
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values))
    with pytest.raises(CaptchaOcrError) as raised:
        load_params(path)
    return str(raised.value).partition("\n")[2]


def test_a_missing_key_is_named_with_its_description(tmp_path: Path) -> None:
    said = complaints_without(tmp_path, "train", "batch_size")
    assert said == "  train.batch_size is missing (training pictures in a batch)"


def test_a_missing_section_is_named_with_its_description(tmp_path: Path) -> None:
    said = complaints_without(tmp_path, "validate")
    assert said == "  validate is missing (What the pictures and their labels must satisfy before they are used.)"


def test_a_missing_end_of_a_range_is_named_with_the_description_of_ranges(tmp_path: Path) -> None:
    said = complaints_without(tmp_path, "sweep", "ranges", "augmentation", "high")
    assert said.startswith("  sweep.ranges.augmentation.span.high is missing (values to try, by key of train: ")


def test_a_missing_file_says_where_to_run(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match="run from the project's root"):
        load_params(tmp_path / "params.yaml")


def test_text_that_is_no_yaml_is_said(tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("a: [")
    with pytest.raises(CaptchaOcrError, match="is not YAML"):
        load_params(tmp_path / "params.yaml")
