"""Each kind of bad picture, from its file to the sentence that stops the pipeline."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PIL import Image, ImageDraw

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.params.params import TextParams, ValidateParams, load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.manifest import build_manifest
from captcha_ocr.validate.validation import Checked, check_pictures
from tests.modules import ROOT
from tests.packed import packed

TEXT = TextParams(alphabet="2345", label_pattern="(.+)", min_length=3, max_length=4)
INPUT_SIZE = InputSize(96, 32)
RULES: ValidateParams = load_params(ROOT / "params.yaml").validate_.model_copy(
    update={"sizes": ((96, 32),), "min_rows": 10, "min_symbol_count": 5}
)
QUARANTINE = RULES.model_copy(update={"on_bad_picture": "quarantine"})
STEPS = 6


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered") / "raw"
    render_captchas(folder, 30, TEXT, INPUT_SIZE, seed=0)
    return folder


@pytest.fixture
def folder(rendered: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return shutil.copytree(rendered, tmp_path / "raw")


def manifest_of(folder: Path, labels: dict[str, str] | None = None, given: dict[str, str] | None = None) -> Manifest:
    """The manifest of the pictures in a folder, through shards; labels are the names where `labels` has none."""
    labels, given = labels or {}, given or {}
    with TemporaryDirectory() as shards:
        pictures = {
            path.name: (path.read_bytes(), labels.get(path.name, path.stem), given.get(path.name))
            for path in folder.iterdir()
        }
        return build_manifest(packed(Path(shards) / "pictures", pictures))


def check(folder: Path, rules: ValidateParams = RULES, steps: int = STEPS, **columns: dict[str, str]) -> Checked:
    return check_pictures(manifest_of(folder, **columns), rules, TEXT, steps, INPUT_SIZE, folder.parent / "docs")


def stopped(*arguments: Any, **columns: dict[str, str]) -> str:
    """What the error says that `check` leads to."""
    with pytest.raises(CaptchaOcrError) as caught:
        check(*arguments, **columns).findings.raise_errors()
    return str(caught.value)


def test_sound_pictures_pass_and_leave_data_docs(folder: Path) -> None:
    checked = check(folder)
    checked.findings.raise_errors()
    report = checked.report()
    assert (report.rows, report.errors, report.quarantined, len(checked.quarantine)) == (30, 0, 0, 0)
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


def spoil_some(folder: Path) -> dict[str, str]:
    """One picture with each fault: its name by the fault's."""
    (folder / "2222.png").unlink(missing_ok=True)
    return {
        spoil.__name__: spoil(path).name for (spoil, _), path in zip(FAULTS, sorted(folder.iterdir()), strict=False)
    }


@pytest.fixture(scope="module")
def spoilt(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """The names of `spoil_some`, and what stops the pipeline."""
    folder = shutil.copytree(rendered, tmp_path_factory.mktemp("spoilt") / "raw")
    return spoil_some(folder), stopped(folder)


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


def test_the_error_names_the_parameter_that_leaves_bad_pictures_out(spoilt: tuple[dict[str, str], str]) -> None:
    assert "set validate.on_bad_picture to quarantine" in spoilt[1]


def test_bad_pictures_are_set_aside_with_their_rules_and_the_rest_passes(folder: Path) -> None:
    names = spoil_some(folder)
    left = {path.name for path in folder.iterdir()} - {*names.values(), "2.png"}
    checked = check(folder, QUARANTINE)
    checked.findings.raise_errors()
    assert set(checked.manifest.file) == left
    assert set(checked.quarantine.file) == {*names.values(), "2.png"}
    assert set(zip(checked.quarantine.file, checked.quarantine.rule, strict=True)) >= {
        (names[spoil.__name__], rule) for spoil, rule in FAULTS
    }
    report = checked.report()
    assert (report.rows, report.errors, report.quarantined) == (len(left), 0, len(names) + 1)
    twin = names["same_pixels_other_label"]
    (row,) = checked.quarantine.where(checked.quarantine.file == twin).rows()
    assert (row.label, row.value) == (twin.removesuffix(".png"), "same pixels as 2.png")
    assert row.remedy == "keep the one whose label is right"


def test_what_is_wrong_with_all_pictures_together_stops_also_where_bad_ones_are_set_aside(folder: Path) -> None:
    truncate(some(folder))
    message = stopped(folder, QUARANTINE.model_copy(update={"min_rows": 30}))
    assert "row_count: 1 wrong: observed 29." in message
    assert "on_bad_picture" not in message


def test_pictures_that_are_all_bad_leave_too_few(folder: Path) -> None:
    assert "row_count: 1 wrong: observed 0." in stopped(folder, QUARANTINE, 2)


def test_too_few_pictures_stop_the_pipeline(folder: Path) -> None:
    message = stopped(folder, RULES.model_copy(update={"min_rows": 31}))
    assert re.search(r"row_count: .*observed 30.*validate\.min_rows", message)


def test_an_error_shows_ten_items_and_the_count(folder: Path) -> None:
    message = stopped(folder, RULES, 2)
    assert "label_fits: 30 wrong" in message
    assert message.count(".png") == 10


@pytest.mark.parametrize("label", [None, ""])
def test_a_picture_without_a_label_is_named(folder: Path, label: str | None) -> None:
    name = some(folder).name
    assert re.search(rf"label_(found|length): 1 wrong: {name}", stopped(folder, labels={name: label}))


def test_a_label_with_a_line_break_is_foreign(folder: Path) -> None:
    assert "label_alphabet: 1 wrong" in stopped(folder, labels={some(folder).name: "234\n"})


def given(folder: Path, *sides: str | None) -> dict[str, str | None]:
    """The first pictures have these given splits, and all others are for training."""
    names = sorted(path.name for path in folder.iterdir())
    return dict.fromkeys(names, "train") | dict(zip(names, sides, strict=False))


@pytest.mark.parametrize("other", ["train", None])
def test_equal_pixels_on_two_given_sides_are_an_error_that_names_both(folder: Path, other: str | None) -> None:
    first, second = sorted(folder.iterdir())[:2]
    second.write_bytes(first.read_bytes())
    labels = {second.name: first.stem}
    message = stopped(folder, labels=labels, given=given(folder, "test", other))
    both = f"{first.name} (same pixels as {second.name}), {second.name} (same pixels as {first.name})"
    assert f"given_split_leak: 2 wrong: {both}." in message
    check(folder, labels=labels, given=given(folder, "test", "test")).findings.raise_errors()
    checked = check(folder, QUARANTINE, labels=labels, given=given(folder, "test", other))
    assert set(checked.quarantine.file) == {first.name, second.name}


def warned(checked: Checked, rule: str) -> int:
    """How often it warns of the rule; nothing is an error."""
    checked.findings.raise_errors()
    report = checked.report()
    assert report.warnings > 0
    return report.rules[rule]


def test_the_same_picture_twice_under_one_label_is_a_warning(folder: Path) -> None:
    twin = folder / f"b_{some(folder).name}"
    twin.write_bytes(some(folder).read_bytes())
    assert warned(check(folder, labels={twin.name: some(folder).stem}), "duplicate_same_label") == 1


def test_a_re_encoded_picture_is_a_warning(folder: Path) -> None:
    twin = folder / f"b_{some(folder).stem}.jpg"
    Image.open(some(folder)).convert("RGB").save(twin, quality=80)
    rules = RULES.model_copy(update={"modes": ("RGB", "RGBA")})
    assert warned(check(folder, rules, labels={twin.name: some(folder).stem}), "near_duplicate") == 1


def test_labels_that_barely_fit_are_a_warning_and_no_error(folder: Path) -> None:
    """Two time steps a symbol, and two more, are comfortable: eight for three symbols, ten for four."""
    lengths = [len(path.stem) for path in folder.iterdir()]
    assert check(folder, steps=10).report().rules["label_has_room"] == 0
    assert warned(check(folder, steps=9), "label_has_room") == lengths.count(4) > 0
    assert warned(check(folder, steps=7), "label_has_room") == len(lengths)


def test_a_rare_symbol_is_a_warning_that_names_it(folder: Path) -> None:
    checked = check(folder, RULES.model_copy(update={"min_symbol_count": 1000}))
    assert warned(checked, "symbol_frequency") == 4
    assert checked.report().examples["symbol_frequency"][0].startswith("2 (")


def test_thin_strokes_are_no_blank_picture(folder: Path) -> None:
    picture = Image.new("RGBA", (96, 32), "white")
    ImageDraw.Draw(picture).line((40, 10, 40, 19), fill="black")  # 10 of 3,072 pixels
    picture.save(some(folder))
    check(folder).findings.raise_errors()


def test_labels_stay_text_through_the_manifest_file(tmp_path: Path) -> None:
    """Digits keep their zeros, and `nan` and `None` are words."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for label in ("007", "nan", "None", "1e5"):
        Image.new("L", (8, 8)).save(folder / f"{label}.png")
    manifest_of(folder).write_to(tmp_path)
    assert Manifest.read_from(tmp_path).label.tolist() == ["007", "1e5", "None", "nan"]
