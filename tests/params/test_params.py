from pathlib import Path

import pytest
import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.network.architectures import complete_train_params
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


HUGE = 10**400
WRONG = [
    ("text.alphabet", "".join(map(chr, range(0x4E00, 0x4E00 + 20_001)))),
    ("text.alphabet", "ab\x1b"),
    ("text.alphabet", "ab\u2028"),
    ("text.max_length", 10**9),
    ("text.label_pattern", "(" * 400 + "a" + ")" * 400),
    ("text.label_pattern", "(a{99999999999})"),
    ("text.label_pattern", "(a)" * 400),
    ("fetch.source", "a\0b"),
    ("fetch.source", "a" * 300),
    ("fetch.table", "a\x07"),
    ("fetch.synthetic_count", 10**12),
    ("fetch.seed", 2**70),
    ("fetch.seed", -1),
    ("fetch.timeout_seconds", float("inf")),
    ("fetch.max_pictures", 10**15),
    ("fetch.max_ratio", float("nan")),
    ("validate.sizes", [[0, 50]]),
    ("validate.sizes", [[200, HUGE]]),
    ("validate.min_rows", 10**7),
    ("train.width", 10**9),
    ("train.epochs", 10**12),
    ("train.batch_size", HUGE),
    ("train.epoch_steps", -1),
    ("train.learning_rate", 1e300),
    ("train.seed", 2**32),
    ("evaluate.worst", 10**9),
    ("register.model_name", ".."),
    ("register.experiment", "a\nb"),
    ("sweep.trials", 10**9),
    ("sweep.ranges", {f"{key}": {"choices": list(range(1, 101))} for key in ("epochs", "patience", "epoch_steps")}),
    ("sweep.ranges", {"learning_rate": {"low": 1, "high": HUGE}}),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name} {str(value)[:20]!a}" for name, value in WRONG])
def test_a_value_beyond_its_bounds_is_refused_in_a_message_of_a_few_lines(
    tmp_path: Path, name: str, value: object
) -> None:
    section, key = name.split(".")
    path = tmp_path / "params.yaml"
    values = yaml.safe_load(SHIPPED.read_text())
    values[section][key] = value
    path.write_text(yaml.safe_dump(values))
    with pytest.raises(CaptchaOcrError, match=rf"{section}.*|is not YAML") as error:
        load_params(path)
    assert len(str(error.value)) < 1000


def test_a_batch_whose_pictures_are_each_allowed_may_be_too_large(tmp_path: Path) -> None:
    values = yaml.safe_load(SHIPPED.read_text())
    values["train"] |= {"width": 2048, "height": 512, "batch_size": 4096}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    params = load_params(tmp_path / "params.yaml")
    with pytest.raises(CaptchaOcrError, match=r"batch_size 4096 pictures of 2048 × 512 pixels are 4,294,967,296, more"):
        complete_train_params(params.train)


def test_thousands_of_unknown_keys_are_counted_and_their_names_are_escaped(tmp_path: Path) -> None:
    values = yaml.safe_load(SHIPPED.read_text())
    values["fetch"] |= {f"\x1b[2J{number}": 1 for number in range(3000)}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    with pytest.raises(CaptchaOcrError, match=r"\(3000 in all\)") as error:
        load_params(tmp_path / "params.yaml")
    assert "\x1b" not in str(error.value)
    assert str(error.value).count("\n") < 30


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"augmentation": 2.0, "augmentation_elastic": 2.5},
            r"augmentation 2\.0 times augmentation_elastic 2\.5 is 5, more than 4: lower one",
        ),
        (
            {"architecture": "keras_io", "augmentation_blur": 0.5},
            r"train\.augmentation_blur would change nothing.*the recipe of keras_io has as 0; set it to 1",
        ),
    ],
)
def test_augmentation_that_no_text_outlasts_or_that_changes_nothing_is_refused(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    values = yaml.safe_load(SHIPPED.read_text())
    values["train"] |= changes
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    with pytest.raises(CaptchaOcrError, match=said):
        complete_train_params(load_params(tmp_path / "params.yaml").train)


def test_augmentation_as_a_whole_may_be_switched_off_whatever_its_kinds(tmp_path: Path) -> None:
    values = yaml.safe_load(SHIPPED.read_text())
    values["train"] |= {"architecture": "keras_io", "augmentation": 0, "augmentation_blur": 0.5}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(values))
    assert complete_train_params(load_params(tmp_path / "params.yaml").train).augmentation_of("blur") == 0
