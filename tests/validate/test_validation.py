"""Each kind of bad picture, from its file to the sentence that stops the pipeline."""

import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image, ImageDraw

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.validation_report import ValidationReport
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.params.params import TextParams, ValidateParams, load_params
from captcha_ocr.pictures.input_size import InputSize
from captcha_ocr.validate.checks import picture_rules
from captcha_ocr.validate.manifest import build_manifest
from captcha_ocr.validate.validation import Checked, Finding, check_pictures
from tests.modules import ROOT
from tests.packed import packed

TEXT = TextParams(alphabet="2345", label_pattern="(.+)", min_length=3, max_length=4)
INPUT_SIZE = InputSize(96, 32)
RULES: ValidateParams = load_params(ROOT / "params.yaml").validate_.model_copy(
    update={"sizes": ((96, 32),), "min_rows": 10, "min_symbol_count": 5}
)
QUARANTINE = RULES.model_copy(update={"on_bad_picture": "quarantine"})
STEPS, COMFORTABLE = 6, 10


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rendered") / "raw"
    render_captchas(folder, 36, TEXT, INPUT_SIZE, seed=0)
    return folder


def manifest_of(
    folder: Path, labels: Mapping[str, str | None] | None = None, given: Mapping[str, str | None] | None = None
) -> Manifest:
    """The manifest of the pictures in a folder, through shards; labels are the names where `labels` has none."""
    labels, given = labels or {}, given or {}
    with TemporaryDirectory() as shards:
        pictures = {
            path.name: (path.read_bytes(), labels.get(path.name, path.stem), given.get(path.name))
            for path in folder.iterdir()
        }
        return build_manifest(packed(Path(shards) / "pictures", pictures))


def check(
    folder: Path, rules: ValidateParams = RULES, steps: int = STEPS, **columns: Mapping[str, str | None]
) -> Checked:
    return check_pictures(manifest_of(folder, **columns), rules, TEXT, steps, INPUT_SIZE, folder.parent / "docs")


def test_sound_pictures_pass_and_leave_data_docs(rendered: Path, tmp_path: Path) -> None:
    checked = check(shutil.copytree(rendered, tmp_path / "raw"), steps=COMFORTABLE)
    checked.findings.raise_errors()
    report = checked.report()
    assert (report.rows, report.errors, report.quarantined, len(checked.quarantine)) == (36, 0, 0, 0)
    assert report.rules["label_has_room"] == 0
    assert (tmp_path / "docs" / "index.html").is_file()


def test_data_docs_that_cannot_be_written_are_an_error_instead_of_a_traceback_in_the_log(
    rendered: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "docs").write_text("a file in the folder's place")
    with pytest.raises(OSError, match="docs"):
        check(shutil.copytree(rendered, tmp_path / "raw"))
    assert "Traceback" not in caplog.text


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
# Labels of a table, and the rules that they break.
LABELS = [(None, "label_found"), ("", "label_length"), ("234\n", "label_alphabet")]
# The splits that the source gives two equal pictures; all others are for training. The last two are no fault.
LEAKS = [("test", "train"), ("test", None), ("test", "test")]


@dataclass(frozen=True)
class Spoilt:
    """A folder of pictures with every fault once. names: of the spoilt pictures, by what was done. pairs: of LEAKS."""

    folder: Path
    names: dict[str, str]
    pairs: list[tuple[str, str]]
    labels: dict[str, str | None]
    given: dict[str, str | None]

    def check(self, rules: ValidateParams) -> Checked:
        return check(self.folder, rules, labels=self.labels, given=self.given)


@pytest.fixture(scope="module")
def spoilt(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> Spoilt:
    folder = shutil.copytree(rendered, tmp_path_factory.mktemp("spoilt") / "raw")
    (folder / "2222.png").unlink(missing_ok=True)
    files = iter(sorted(folder.iterdir()))
    names = {spoil.__name__: spoil(next(files)).name for spoil, _ in FAULTS}
    labels: dict[str, str | None] = {}
    for label, _ in LABELS:
        names[f"{label!r}"] = name = next(files).name
        labels[name] = label
    pairs = [(next(files), next(files)) for _ in LEAKS]
    for first, second in pairs:
        second.write_bytes(first.read_bytes())
        labels[second.name] = first.stem
    given: dict[str, str | None] = dict.fromkeys((path.name for path in folder.iterdir()), "train")
    for pair, sides in zip(pairs, LEAKS, strict=True):
        given |= {path.name: side for path, side in zip(pair, sides, strict=True)}
    return Spoilt(folder, names, [(first.name, second.name) for first, second in pairs], labels, given)


@pytest.fixture(scope="module")
def message(spoilt: Spoilt) -> str:
    """What stops the pipeline."""
    with pytest.raises(CaptchaOcrError) as caught:
        spoilt.check(RULES.model_copy(update={"min_rows": 1000})).findings.raise_errors()
    return str(caught.value)


def said_of(rule: str, message: str) -> str:
    """The part of the message that is about the rule; a label in it may hold a line break."""
    (part,) = [part for part in re.split(r"\n(?=\w+: \d+ wrong)", message) if part.startswith(f"{rule}: ")]
    return part


BROKEN = [*((spoil.__name__, rule) for spoil, rule in FAULTS), *((repr(label), rule) for label, rule in LABELS)]


@pytest.mark.parametrize(("fault", "rule"), BROKEN)
def test_a_bad_picture_stops_the_pipeline_by_name(spoilt: Spoilt, message: str, fault: str, rule: str) -> None:
    assert re.search(rf"[ ,]{re.escape(spoilt.names[fault])}[ ,.]", said_of(rule, message))
    assert "Remedy: " in said_of(rule, message)


def test_equal_pixels_on_two_given_sides_are_an_error_that_names_both(spoilt: Spoilt, message: str) -> None:
    """Where the source gives some pictures no split, they are for training."""
    (a, b), (c, d), _ = spoilt.pairs
    named = ", ".join(f"{x} (same pixels as {y})" for x, y in ((a, b), (b, a), (c, d), (d, c)))
    assert f"given_split_leak: 4 wrong: {named}." in message


def test_too_few_pictures_stop_the_pipeline(message: str) -> None:
    assert re.search(r"observed 37.*validate\.min_rows", said_of("row_count", message))


def test_the_error_names_the_parameter_that_leaves_bad_pictures_out(message: str) -> None:
    assert "set validate.on_bad_picture to quarantine" in message


def test_bad_pictures_are_set_aside_with_their_rules_and_the_rest_passes(spoilt: Spoilt) -> None:
    checked = spoilt.check(QUARANTINE.model_copy(update={"min_rows": 5}))
    checked.findings.raise_errors()
    names = spoilt.names
    bad = {*names.values(), "2.png", *spoilt.pairs[0], *spoilt.pairs[1]}
    assert set(checked.quarantine.file) == bad
    assert set(checked.manifest.file) == {path.name for path in spoilt.folder.iterdir()} - bad
    assert set(zip(checked.quarantine.file, checked.quarantine.rule, strict=True)) >= {
        (names[fault], rule) for fault, rule in BROKEN
    }
    report = checked.report()
    assert (report.rows, report.errors, report.quarantined) == (len(checked.manifest), 0, len(bad))
    twin = names["same_pixels_other_label"]
    (row,) = checked.quarantine.where(checked.quarantine.file == twin).rows()
    assert (row.label, row.value) == (twin.removesuffix(".png"), "same pixels as 2.png")
    assert row.remedy == "keep the one whose label is right"


def test_what_is_wrong_with_all_pictures_together_stops_also_where_bad_ones_are_set_aside(
    rendered: Path, tmp_path: Path
) -> None:
    """With two time steps each picture is bad."""
    checked = check(shutil.copytree(rendered, tmp_path / "raw"), QUARANTINE, steps=2)
    with pytest.raises(CaptchaOcrError, match=r"row_count: 1 wrong: observed 0\.") as caught:
        checked.findings.raise_errors()
    assert "on_bad_picture" not in str(caught.value)


def test_an_error_shows_ten_items_and_the_count() -> None:
    (rule,) = [rule for rule in picture_rules(RULES, TEXT, STEPS) if rule.name == "label_fits"]
    said = str(Finding(rule, 30, [(f"{number}.png", "7") for number in range(30)]))
    assert said.startswith("label_fits: 30 wrong: 0.png (7), ")
    assert said.count(".png") == 10


@pytest.fixture(scope="module")
def doubtful(rendered: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ValidationReport]:
    """A folder of pictures that pass with warnings, and the report."""
    folder = shutil.copytree(rendered, tmp_path_factory.mktemp("doubtful") / "raw")
    first, second, third, *_ = sorted(folder.iterdir())
    (folder / f"b_{first.name}").write_bytes(first.read_bytes())
    Image.open(second).convert("RGB").save(folder / f"b_{second.stem}.jpg", quality=80)
    thin = Image.new("RGBA", (96, 32), "white")
    ImageDraw.Draw(thin).line((40, 10, 40, 19), fill="black")  # 10 of 3,072 pixels
    thin.save(third)
    rules = RULES.model_copy(update={"modes": ("RGB", "RGBA"), "min_symbol_count": 1000})
    labels = {f"b_{first.name}": first.stem, f"b_{second.stem}.jpg": second.stem}
    checked = check(folder, rules, steps=COMFORTABLE - 1, labels=labels)
    checked.findings.raise_errors()
    return rendered, checked.report()


@pytest.mark.parametrize("rule", ["duplicate_same_label", "near_duplicate"])
def test_the_same_picture_twice_is_a_warning_also_where_it_was_encoded_again(
    doubtful: tuple[Path, ValidationReport], rule: str
) -> None:
    assert doubtful[1].rules[rule] == 1


def test_thin_strokes_are_no_blank_picture(doubtful: tuple[Path, ValidationReport]) -> None:
    assert doubtful[1].rules["contrast"] == 0


def test_labels_that_barely_fit_are_a_warning_and_no_error(doubtful: tuple[Path, ValidationReport]) -> None:
    """Two time steps a symbol, and two more, are comfortable: eight for three symbols, ten for four."""
    rendered, report = doubtful
    assert report.rules["label_has_room"] >= [len(path.stem) for path in rendered.iterdir()].count(4) > 0
    assert report.rules["label_has_room"] < report.rows


def test_a_rare_symbol_is_a_warning_that_names_it(doubtful: tuple[Path, ValidationReport]) -> None:
    assert doubtful[1].rules["symbol_frequency"] == 4
    assert doubtful[1].examples["symbol_frequency"][0].startswith("2 (")


def test_labels_stay_text_through_the_manifest_file(tmp_path: Path) -> None:
    """Digits keep their zeros, and `nan` and `None` are words."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for label in ("007", "nan", "None", "1e5"):
        Image.new("L", (8, 8)).save(folder / f"{label}.png")
    manifest_of(folder).write_to(tmp_path)
    assert Manifest.read_from(tmp_path).label.tolist() == ["007", "1e5", "None", "nan"]
