"""Sources that are adopted: what params.yaml has afterwards, and what was said."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from captcha_ocr.adopt import adoption
from captcha_ocr.adopt.adoption import Adoption, adopt
from captcha_ocr.adopt.place import as_parameter
from captcha_ocr.adopt.record import SHIPPED
from captcha_ocr.adopt.rewriting import values_in, with_values
from captcha_ocr.adopt.summary import difference, summary
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.params.params import load_params
from tests.adopt.sets import labels, picture, zipped
from tests.modules import ROOT

PARAMS = Path("params.yaml")
PINNED = Path("data/captchas.zip")
SHIPPED_TEXT = (ROOT / PARAMS).read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped parameters, in which the test works."""
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    # The real network has a time step for every 8 pixels of width; to build it takes Keras seconds.
    monkeypatch.setattr(adoption, "time_steps", lambda params: params.width // 8)
    PARAMS.write_text(SHIPPED_TEXT, encoding="utf-8")
    return tmp_path


def adopted(source: Path, dry_run: bool = False) -> Adoption:
    return adopt(as_parameter(str(source)), PARAMS, PINNED, dry_run)


def values() -> dict[str, Any]:
    """Those of params.yaml by dotted names; the file is right."""
    load_params(PARAMS)
    return values_in(PARAMS.read_text(encoding="utf-8"))


def doubts(adoption: Adoption) -> dict[str, str]:
    return {doubt.key: doubt.text for doubt in adoption.doubts}


@cache
def captchas(count: int = 210, seed: int = 0) -> dict[str, bytes]:
    """Pictures as those that the repository ships for, named after their labels."""
    drawn = labels(count, 5, 5, "2345678bcdefgmnpwxy", seed)
    return {f"{label}.png": picture(label, 200, 50) for label in drawn}


@cache
def mixed(count: int = 210) -> dict[str, bytes]:
    """Pictures of 200 to 700 pixels with 3 to 12 symbols, a table that names them, and a stray script."""
    drawn = labels(count, 3, 12)
    files = {f"images/{i:04}.png": picture(label, 150 + 45 * len(label), 50) for i, label in enumerate(drawn)}
    rows = [f"images/{i:04}.png,{label}\n" for i, label in enumerate(drawn)]
    return files | {"labels.csv": "".join(["image_path,plate_text\n", *rows]).encode(), "test.py": b"pass"}


def test_what_ships_is_known() -> None:
    present = values()
    assert {key: present[key] for key in SHIPPED} == SHIPPED


def test_captchas_like_those_that_ship_need_other_names_only() -> None:
    said = adopted(zipped(Path("Our captchas.zip"), captchas()))
    assert set(said.changes) == {"fetch.source", "register.model_name", "register.experiment"}
    assert values()["register.model_name"] == values()["register.experiment"] == "our-captchas"
    assert said.doubts == ()


def test_a_dry_run_changes_nothing_and_shows_what_would() -> None:
    said = adopted(zipped(Path("my.zip"), captchas()), dry_run=True)
    assert PARAMS.read_text(encoding="utf-8") == SHIPPED_TEXT
    assert [path.name for path in sorted(Path().iterdir())] == ["my.zip", "params.yaml"]
    assert "+  model_name: my " in difference(said)


def test_widths_of_200_to_700_mixed_lengths_and_a_table_need_no_edit() -> None:
    said = adopted(zipped(Path("plates.zip"), mixed()))
    found = values()
    assert found["fetch.layout"] == "table"
    assert found["text.alphabet"] == "12abÉ "
    assert (found["text.min_length"], found["text.max_length"]) == (3, 12)
    assert (found["train.fit"], found["train.width"], found["train.height"]) == ("pad", 704, None)
    assert (found["validate.sizes"], found["validate.modes"]) == ([], ["RGBA"])
    assert "'É'" in summary(said)


def test_comments_and_all_other_values_stay_as_they_are() -> None:
    own = SHIPPED_TEXT.replace("epochs: null ", "epochs: 7    # mine ", 1)
    PARAMS.write_text(own, encoding="utf-8")
    adopted(zipped(Path("plates.zip"), mixed()))
    changed = [line for line in own.splitlines() if line not in PARAMS.read_text(encoding="utf-8").splitlines()]
    assert {line.split(":")[0].strip() for line in changed} <= {key.split(".")[1] for key in SHIPPED}
    assert re.findall(r"#.*", PARAMS.read_text(encoding="utf-8")) == re.findall(r"#.*", own)


def test_adopting_again_changes_no_byte_and_a_new_symbol_is_added() -> None:
    source = Path("plates")
    source.mkdir()
    (source / "ab1_0.png").write_bytes(picture("ab1", 100))
    for number in range(30):
        (source / f"b{'ab'[number % 2]}2_{number + 1}.png").write_bytes(picture(f"b{number}2", 100))
    adopted(source)
    first = PARAMS.read_bytes()
    assert values()["text.label_pattern"] == r"(.+)_\d+"
    assert adopted(source).changes == {}
    assert PARAMS.read_bytes() == first
    (source / "abc_31.png").write_bytes(picture("abc", 100))
    adopted(source)
    assert values()["text.alphabet"] == "12abc"


def test_a_second_source_is_described_as_if_it_were_the_first() -> None:
    first, second = zipped(Path("plates.zip"), mixed()), zipped(Path("captchas.zip"), captchas())
    adopted(second)
    alone = PARAMS.read_bytes()
    PARAMS.write_text(SHIPPED_TEXT, encoding="utf-8")
    Path("adopted.json").unlink()
    adopted(first)
    said = adopted(second)
    assert PARAMS.read_bytes() == alone
    assert said.kept == {}


def test_values_of_the_user_are_kept_for_every_source_and_said() -> None:
    own = {"train.width": 320, "register.model_name": "ours"}
    PARAMS.write_text(with_values(SHIPPED_TEXT, own), encoding="utf-8")
    for source, content in (("plates.zip", mixed()), ("captchas.zip", captchas())):
        said = adopted(zipped(Path(source), content))
        assert said.kept == own
        assert values() | own == values()
    assert "kept, since they are yours" in summary(said)


def test_values_of_the_user_that_the_pictures_contradict_are_kept_and_named() -> None:
    own = {
        "text.alphabet": "12ab",
        "text.max_length": 9,
        "validate.modes": ["L"],
        "validate.sizes": [[10, 10]],
        "validate.min_rows": 1000,
        "train.width": 64,
    }
    PARAMS.write_text(with_values(SHIPPED_TEXT, own), encoding="utf-8")
    found = doubts(adopted(zipped(Path("plates.zip"), mixed())))
    assert own.keys() <= found.keys()
    assert re.search(r"yours and was kept, though lacks 'É', ' ', which \d+ labels hold", found["text.alphabet"])
    assert "the longest label needs" in found["train.width"]
    assert values() | own == values()


def test_the_pinned_archive_brings_back_what_ships() -> None:
    adopted(zipped(Path("plates.zip"), mixed()))
    PINNED.parent.mkdir()
    zipped(PINNED, captchas(3))
    said = adopted(PINNED)
    assert PARAMS.read_text(encoding="utf-8") == SHIPPED_TEXT
    assert "pinned in data.dvc" in summary(said)


@pytest.mark.parametrize(
    ("files", "key", "said"),
    [
        (
            lambda: captchas() | {"notes.txt": b"x", "LICENCE": b"x"},
            "fetch.ignore",
            "files \\*.txt are left out|LICENCE",
        ),
        (
            lambda: captchas() | {"2345O.png": picture("2345O", 200, 50)},
            "text.alphabet",
            r"'O' \(2345O\.png\); is the label",
        ),
        (
            lambda: captchas() | {"23456xxxx.png": picture("2345", 200, 50)},
            "text.max_length",
            r"'23456xxxx' \(23456xxxx\.png\)",
        ),
        (lambda: captchas(20), "validate.min_rows", "20 pictures are few"),
        (lambda: {f"{i:04}.png": picture(str(i), 60) for i in range(220)}, "text.label_pattern", "are they the labels"),
        (
            lambda: {f"{x}.png": picture(x, 60, 40) for x in labels(220, 6, 7, "abcde")},
            "train.lines",
            "2, if these are two",
        ),
    ],
)
def test_what_is_unsure_is_said_with_its_key(files: Callable[[], dict[str, bytes]], key: str, said: str) -> None:
    found = adopted(zipped(Path("my.zip"), files()))
    assert re.search(said, "\n".join(doubt.text for doubt in found.doubts if doubt.key == key))
    assert key in summary(found)
    load_params(PARAMS)


def test_text_that_differs_by_colour_alone_is_named() -> None:
    files = {}
    for label in labels(30, 5, 5):
        image = Image.new("RGB", (200, 50), (255, 0, 0))
        image.paste((0, 130, 0), (20, 10, 180, 40))  # as bright as the red
        image.save("drawn.png")
        files[f"{label}.png"] = Path("drawn.png").read_bytes()
    assert "colours differ more" in doubts(adopted(zipped(Path("my.zip"), files)))["train.channels"]


def test_faint_pictures_lower_the_least_contrast_and_a_single_blank_one_does_not() -> None:
    faint = {f"{label}.png": picture(label, 200, 50, colour="#f0f0f0") for label in labels(40, 5, 5)}
    adopted(zipped(Path("faint.zip"), faint | {"aaaaa.png": picture(" ", 200, 50)}))
    assert 0 < values()["validate.min_contrast"] < 30
    adopted(zipped(Path("clear.zip"), captchas() | {"23456.png": picture(" ", 200, 50)}))
    assert values()["validate.min_contrast"] == 30


def test_a_name_that_a_shell_would_take_for_code_is_a_name() -> None:
    """The stages read it from params.yaml, so no shell ever sees it."""
    adopted(zipped(Path('a "b" `c` $(d).zip'), captchas()))
    assert values()["fetch.source"] == 'a "b" `c` $(d).zip'
    assert "fetch.source" not in (ROOT / "dvc.yaml").read_text().replace("- fetch.source", "")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("missing.zip", "'missing.zip' does not exist: name a zip"),
        ("", "'' does not exist"),
        ("empty", "has none of the layouts"),
        ("damaged.zip", "is not a sound zip"),
    ],
)
def test_a_source_that_cannot_be_read_is_named_and_nothing_is_written(source: str, said: str) -> None:
    Path("empty").mkdir()
    Path("damaged.zip").write_bytes(b"PK")
    with pytest.raises(CaptchaOcrError, match=said):
        adopt(as_parameter(source), PARAMS, PINNED, dry_run=False)
    assert PARAMS.read_text(encoding="utf-8") == SHIPPED_TEXT
    assert not Path("adopted.json").exists()


def test_a_damaged_record_is_named() -> None:
    Path("adopted.json").write_text("[1]")
    with pytest.raises(CaptchaOcrError, match=r"adopted\.json is damaged"):
        adopted(zipped(Path("my.zip"), captchas()))


def test_a_list_over_several_lines_is_no_change(project: Path) -> None:
    yaml_text = yaml.safe_dump(yaml.safe_load(SHIPPED_TEXT), sort_keys=False)
    PARAMS.write_text(yaml_text)
    adopted(zipped(project / "my.zip", captchas()))
    assert len(set(PARAMS.read_text().splitlines()) ^ set(yaml_text.splitlines())) == 6
