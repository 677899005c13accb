"""File names as labels, and each fault by name."""

from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.containers import open_source
from captcha_ocr.fetch.layouts.file_names import entries
from captcha_ocr.pictures.endings import PICTURE_ENDINGS
from tests.fetch.sources import SHIPPED, Kind, labels_of, pictures, recognised, source_of, splits_of

kinds = pytest.mark.parametrize("kind", ["folder", "zip"])


@kinds
def test_a_name_without_folders_and_ending_is_the_label(tmp_path: Path, kind: Kind) -> None:
    source = source_of(tmp_path, pictures("set/ab c.png", "set/deep/É.x.PNG", "set/007.jpg"), kind)
    assert labels_of(source, "file_names") == {"007.jpg": "007", "ab c.png": "ab c", "deep/É.x.PNG": "É.x"}
    assert recognised(source, "file_names")


def test_the_pattern_s_group_is_the_label_and_a_name_it_does_not_match_has_none(tmp_path: Path) -> None:
    source = source_of(tmp_path, pictures("ab_1.png", "ab_2.png", "ab.png"))
    text = SHIPPED.text.model_copy(update={"label_pattern": r"(\w+)_\d+"})
    with open_source(source, SHIPPED.fetch) as files:
        found = {entry.file: entry.text for entry in entries(files, SHIPPED.fetch, text)}
    assert found == {"ab_1.png": "ab", "ab_2.png": "ab", "ab.png": None}


def test_names_that_differ_by_case_or_folder_are_two_pictures(tmp_path: Path) -> None:
    files = pictures("a/ab.png", "a/aB.png", "b/ab.png")
    assert set(labels_of(source_of(tmp_path, files, "zip"), "file_names")) == set(files)


def test_a_decomposed_name_gives_a_composed_label(tmp_path: Path) -> None:
    assert list(labels_of(source_of(tmp_path, pictures("E\u0301.png"), "zip"), "file_names").values()) == ["\u00c9"]


def test_folders_give_the_split(tmp_path: Path) -> None:
    folders = ("train", "Valid", "validation", "val", "TEST", "other")
    source = source_of(tmp_path, pictures(*(f"{folder}/deep/{folder}.png" for folder in folders), "x.png"))
    splits = {name.partition("/")[0]: split for name, split in splits_of(source, "file_names").items()}
    expected = dict(zip(folders, ("train", "validation", "validation", "validation", "test", None), strict=True))
    assert splits == expected | {"x.png": None}


def test_a_folder_that_holds_everything_gives_no_split(tmp_path: Path) -> None:
    assert set(splits_of(source_of(tmp_path, pictures("train/a.png", "train/b.png")), "file_names").values()) == {None}


def test_a_file_that_is_no_picture_is_named_and_may_be_ignored(tmp_path: Path) -> None:
    source = source_of(tmp_path, {**pictures("22.png"), "code/test.py": b"x", "label": b"x"}, "zip")
    with pytest.raises(CaptchaOcrError, match=r"not a picture: code/test\.py, label: remove it, .* fetch\.ignore"):
        labels_of(source, "file_names")
    assert labels_of(source, "file_names", ignore=("*.py", "label")) == {"22.png": "22"}


def test_a_picture_may_have_any_ending_that_reading_takes(tmp_path: Path) -> None:
    names = {f"{i}{ending}" for i, ending in enumerate(PICTURE_ENDINGS)}
    assert set(labels_of(source_of(tmp_path, pictures(*names)), "file_names")) == names


def test_a_pattern_that_backtracks_for_ever_is_named_with_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("captcha_ocr.fetch.layouts.file_names.SECONDS", 0.1)
    source = source_of(tmp_path, pictures("a.png", f"{'a' * 60}!.png"))
    text = SHIPPED.text.model_copy(update={"label_pattern": "((?:a+)+)"})
    with (
        open_source(source, SHIPPED.fetch) as files,
        pytest.raises(CaptchaOcrError, match=r"text\.label_pattern = .* takes too long at a{60}!\.png"),
    ):
        list(entries(files, SHIPPED.fetch, text))
