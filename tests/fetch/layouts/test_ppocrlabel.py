import json
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import labels_of, packed_of, png, recognised, written

ALL = [[0, 0], [40, 0], [40, 20], [0, 20]]  # the corners of the whole picture
PART = [[0, 0], [9, 0], [9, 9], [0, 9]]
PICTURE = png(1, (40, 20))


def line(path: str, *boxes: tuple[object, object], difficult: bool = False) -> str:
    found = [{"transcription": text, "points": points, "difficult": difficult} for text, points in boxes]
    return f"{path}\t{json.dumps(found, ensure_ascii=False)}\n"


def test_the_crops_are_read_where_they_were_exported(tmp_path: Path) -> None:
    files = {
        "rec_gt.txt": "crop_img/a_crop_0.jpg\t007\ncrop_img/a_crop_1.jpg\te\u0301 b\ncrop_img/b_crop_0.jpg\t待识别\n",
        "crop_img/a_crop_0.jpg": png(1),
        "crop_img/a_crop_1.jpg": png(2),
        "crop_img/b_crop_0.jpg": png(3),
        "a.jpg": PICTURE,
        "Label.txt": line("s/a.jpg", ("007", PART), ("é b", PART)),
        "fileState.txt": "/home/me/s/a.jpg\t1\n",
    }
    source = written(tmp_path / "s", files)
    assert recognised(source, "ppocrlabel")
    assert {k.removeprefix("crop_img/"): v for k, v in labels_of(source, "ppocrlabel").items()} == {
        "a_crop_0.jpg": "007",
        "a_crop_1.jpg": "é b",
        "b_crop_0.jpg": None,
    }


def test_a_picture_with_one_box_is_used_whole(tmp_path: Path) -> None:
    """Label.txt names pictures by the folder that it lies in, whatever that is called now."""
    text = line("once/a.png", ("007", ALL)) + line("once/b.png", ("nan", ALL))
    source = written(tmp_path / "now", {"Label.txt": "\ufeff" + text, "a.png": PICTURE, "b.png": b"broken"})
    assert recognised(source, "ppocrlabel")
    assert labels_of(source, "ppocrlabel") == {"a.png": "007", "b.png": "nan"}


def test_folders_name_the_split(tmp_path: Path) -> None:
    for folder in ("train", "val"):
        written(tmp_path / "s" / folder, {"Label.txt": line(f"{folder}/a.png", ("x", ALL)), "a.png": PICTURE})
    assert {p.file: p.split for p in packed_of(tmp_path / "s", "ppocrlabel")} == {
        "train/a.png": "train",
        "val/a.png": "validation",
    }


@pytest.mark.parametrize(
    "boxes",
    [
        line("s/a.png"),
        line("s/a.png", ("###", ALL)),
        line("s/a.png", ("", ALL)),
        line("s/a.png", ("x", ALL), difficult=True),
    ],
)
def test_a_picture_without_a_legible_text_is_left_to_validation(tmp_path: Path, boxes: str) -> None:
    assert labels_of(written(tmp_path / "s", {"Label.txt": boxes, "a.png": PICTURE}), "ppocrlabel") == {"a.png": None}


@pytest.mark.parametrize(
    ("boxes", "said"),
    [
        ((("x", PART), ("y", PART)), r"a\.png \(2 boxes\): let PPOCRLabel cut them out"),
        ((("x", PART),), r"a\.png \(a small box\): let PPOCRLabel cut them out"),
    ],
)
def test_boxes_that_are_parts_of_a_picture_are_to_be_exported(
    tmp_path: Path, boxes: tuple[tuple[object, object], ...], said: str
) -> None:
    source = written(tmp_path / "s", {"Label.txt": line("s/a.png", *boxes), "a.png": PICTURE})
    with pytest.raises(CaptchaOcrError, match=said):
        packed_of(source, "ppocrlabel")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("s/a.png\t[{}]", "not a path, a tab and boxes.*line 1"),
        ("s/a.png no tab", "not a path, a tab and boxes.*line 1"),
        (line("s/a.png", (7, ALL)), "not a path, a tab and boxes.*line 1"),
        (line("s/a.png", ("x", [])), "not a path, a tab and boxes.*line 1"),
        (line("s/b.png", ("x", ALL)), r"not there: Label\.txt, line 1: 'b\.png'"),
        (2 * line("s/a.png", ("x", ALL)), r"named by two rows: a\.png"),
    ],
)
def test_lines_that_do_not_fit_are_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        packed_of(written(tmp_path / "s", {"Label.txt": text, "a.png": PICTURE}), "ppocrlabel")


def test_a_crop_that_is_missing_is_named(tmp_path: Path) -> None:
    files = {"rec_gt.txt": "crop_img/a.jpg\tx\ncrop_img/b.jpg\ty\n", "crop_img/a.jpg": png(1)}
    with pytest.raises(CaptchaOcrError, match=r"rec_gt\.txt, line 2: 'crop_img/b\.jpg'"):
        packed_of(written(tmp_path / "s", files), "ppocrlabel")


def test_other_lists_are_not_taken_for_it(tmp_path: Path) -> None:
    source = written(tmp_path / "s", {"Label.txt": "a.png\tx\n", "rec_gt.txt": "a.png\tx\n", "a.png": png(1)})
    assert not recognised(source, "ppocrlabel")
    with pytest.raises(CaptchaOcrError, match="not a path, a tab and boxes"):
        packed_of(source, "ppocrlabel")


@pytest.mark.parametrize(
    "boxes", ["[" * 100_000, '[{"transcription": "a", "points": [[1' + "0" * 400 + ", 2]]}]", "[[1]]"]
)
def test_boxes_that_no_program_can_hold_are_named_by_their_line(tmp_path: Path, boxes: str) -> None:
    source = written(tmp_path / "s", {"a.png": png(), "Label.txt": f"s/a.png\t{boxes}\n"})
    with pytest.raises(CaptchaOcrError, match=r"not a path, a tab and boxes .*line 1"):
        packed_of(source, "ppocrlabel")
