"""Each kind of bad picture, from its file to the sentence that stops the pipeline."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.params.params import TextParams, ValidateParams, load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.manifest import build_manifest
from captcha_ocr.validate.validation import Findings, validate_manifest
from tests.modules import ROOT

TEXT = TextParams(alphabet="2345", label_pattern="(.+)", min_length=3, max_length=4)
INPUT_SIZE = InputSize(96, 32)
RULES: ValidateParams = load_params(ROOT / "params.yaml").validate_.model_copy(
    update={"sizes": ((96, 32),), "min_rows": 10, "min_symbol_count": 5}
)
STEPS = 6


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered") / "raw"
    render_captchas(folder, 30, TEXT, INPUT_SIZE, seed=0)
    return folder


@pytest.fixture
def folder(rendered: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    copy = tmp_path / "raw"
    copy.mkdir()
    for path in rendered.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    return copy


def check(folder: Path, rules: ValidateParams = RULES, text: TextParams = TEXT, steps: int = STEPS) -> Findings:
    manifest = build_manifest(folder, text.label_pattern)
    return validate_manifest(manifest, rules, text, steps, INPUT_SIZE, folder.parent / "docs")


def test_sound_pictures_pass_and_leave_data_docs(folder: Path) -> None:
    findings = check(folder)
    findings.raise_errors()
    assert (findings.report().rows, findings.report().errors) == (30, 0)
    assert (folder.parent / "docs" / "index.html").is_file()


def some(folder: Path) -> Path:
    return sorted(folder.iterdir())[0]


def truncate(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[:200])
    return path


def no_picture(path: Path) -> Path:
    path.write_bytes(b"hello")
    return path


def blank(path: Path) -> Path:
    Image.new("RGBA", (96, 32), "white").save(path)
    return path


def wrong_size(path: Path) -> Path:
    Image.open(path).resize((90, 32)).save(path)
    return path


def wrong_mode(path: Path) -> Path:
    Image.open(path).convert("L").save(path)
    return path


def foreign_symbol(path: Path) -> Path:
    return path.rename(path.with_name("2z4.png"))


def short_label(path: Path) -> Path:
    return path.rename(path.with_name("5.png"))


def long_label(path: Path) -> Path:
    return path.rename(path.with_name("23452.png"))


def too_many_repeats(path: Path) -> Path:
    return path.rename(path.with_name("2222.png"))


def same_pixels_other_label(path: Path) -> Path:
    """Another file comes before it by name, with its pixels."""
    path.with_name("2.png").write_bytes(path.read_bytes())
    return path


FAULTS: list[tuple[Callable[[Path], Path], str]] = [
    (truncate, "decodes"),
    (no_picture, "decodes"),
    (blank, "contrast"),
    (wrong_size, "size"),
    (wrong_mode, "mode"),
    (foreign_symbol, "label_alphabet"),
    (short_label, "label_length"),
    (long_label, "label_length"),
    (too_many_repeats, "label_fits"),
    (same_pixels_other_label, "duplicate_other_label"),
]


@pytest.fixture(scope="module")
def spoilt(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """One picture with each fault: its name by the fault's, and what stops the pipeline."""
    folder = tmp_path_factory.mktemp("spoilt") / "raw"
    shutil.copytree(rendered, folder)
    (folder / "2222.png").unlink(missing_ok=True)
    names = {
        spoil.__name__: spoil(path).name for (spoil, _), path in zip(FAULTS, sorted(folder.iterdir()), strict=False)
    }
    with pytest.raises(CaptchaOcrError) as caught:
        check(folder).raise_errors()
    return names, str(caught.value)


@pytest.mark.parametrize(("spoil", "rule"), FAULTS, ids=lambda value: getattr(value, "__name__", value))
def test_a_bad_picture_stops_the_pipeline_by_name(
    spoilt: tuple[dict[str, str], str], spoil: Callable[[Path], Path], rule: str
) -> None:
    names, message = spoilt
    (line,) = [line for line in message.splitlines() if line.startswith(f"{rule}: ")]
    assert f"{names[spoil.__name__]} (" in line
    assert "Remedy: " in line


def test_no_fault_is_found_where_there_is_none(spoilt: tuple[dict[str, str], str]) -> None:
    names, message = spoilt
    wrong = set(re.findall(r"(\S+\.png) \(", message))
    assert wrong == {*names.values(), "2.png"}


def test_too_few_pictures_stop_the_pipeline(folder: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"row_count: .*observed 30.*validate\.min_rows"):
        check(folder, RULES.model_copy(update={"min_rows": 31})).raise_errors()


def test_an_error_shows_ten_items_and_the_count(folder: Path) -> None:
    with pytest.raises(CaptchaOcrError, match="label_fits: 30 wrong") as caught:
        check(folder, steps=2).raise_errors()
    assert str(caught.value).count(".png") == 10


def test_a_file_name_without_a_label_is_named(folder: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"label_found: 30 wrong"):
        check(folder, text=TEXT.model_copy(update={"label_pattern": r"\d+_(\w+)"})).raise_errors()


def test_the_label_is_the_pattern_s_group(folder: Path) -> None:
    for path in list(folder.iterdir()):
        path.rename(folder / f"17_{path.stem}_x.png")
    check(folder, text=TEXT.model_copy(update={"label_pattern": r"\d+_(\w+)_x"})).raise_errors()


def warned(findings: Findings, rule: str) -> int:
    """How often it warns of the rule; nothing is an error."""
    findings.raise_errors()
    report = findings.report()
    assert report.warnings > 0
    return report.rules[rule]


def test_the_same_picture_twice_under_one_label_is_a_warning(folder: Path) -> None:
    twin = folder / f"b_{some(folder).name}"
    twin.write_bytes(some(folder).read_bytes())
    findings = check(folder, text=TEXT.model_copy(update={"label_pattern": "(?:b_)?(.+)"}))
    assert warned(findings, "duplicate_same_label") == 1


def test_a_re_encoded_picture_is_a_warning(folder: Path) -> None:
    Image.open(some(folder)).convert("RGB").save(folder / f"b_{some(folder).stem}.jpg", quality=80)
    text = TEXT.model_copy(update={"label_pattern": "(?:b_)?(.+)"})
    findings = check(folder, RULES.model_copy(update={"modes": ("RGB", "RGBA")}), text)
    assert warned(findings, "near_duplicate") == 1


def test_labels_that_barely_fit_are_a_warning_and_no_error(folder: Path) -> None:
    """Two time steps a symbol, and two more, are comfortable: eight for three symbols, ten for four."""
    lengths = [len(path.stem) for path in folder.iterdir()]
    assert check(folder, steps=10).report().rules["label_has_room"] == 0
    assert warned(check(folder, steps=9), "label_has_room") == lengths.count(4) > 0
    assert warned(check(folder, steps=7), "label_has_room") == len(lengths)


def test_a_rare_symbol_is_a_warning_that_names_it(folder: Path) -> None:
    findings = check(folder, RULES.model_copy(update={"min_symbol_count": 1000}))
    assert warned(findings, "symbol_frequency") == 4
    assert findings.report().examples["symbol_frequency"][0].startswith("2 (")


def test_labels_stay_text_through_the_manifest_file(tmp_path: Path) -> None:
    """Digits keep their zeros, and `nan` and `None` are words."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for label in ("007", "nan", "None", "1e5"):
        Image.new("L", (8, 8)).save(folder / f"{label}.png")
    build_manifest(folder, "(.+)").write_to(tmp_path)
    assert Manifest.read_from(tmp_path).label.tolist() == ["007", "1e5", "None", "nan"]
