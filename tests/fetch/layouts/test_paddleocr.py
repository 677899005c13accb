"""PaddleOCR's lists of paths and labels, and each fault by name."""

from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import Kind, labels_of, pictures, recognised, source_of, splits_of

LIST = 'train/1.png\tab c\ntrain/2.png\t"É,“x”\n'
LABELS = {"train/1.png": "ab c", "train/2.png": '"É,“x”'}
TWO = pictures("rec/train/1.png", "rec/train/2.png")


@pytest.mark.parametrize("kind", ["folder", "zip"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_labels_stand_behind_a_tab_and_quotation_marks_belong_to_them(
    tmp_path: Path, kind: Kind, encoding: str, ending: str
) -> None:
    content = LIST.replace("\n", ending).encode(encoding)
    source = source_of(tmp_path, {**TWO, "rec/rec_gt_train.txt": content, "rec/en_dict.txt": "a\nb\n"}, kind)
    assert labels_of(source, "paddleocr") == LABELS
    assert recognised(source, "paddleocr")


def test_lists_give_the_splits(tmp_path: Path) -> None:
    files = pictures("img/1.png", "img/2.png", "img/3.png")
    lists = {f"rec_gt_{split}.txt": f"img/{n}.png\tx\n" for n, split in enumerate(("train", "val", "test"), start=1)}
    found = splits_of(source_of(tmp_path, {**files, **lists}), "paddleocr")
    assert found == {"img/1.png": "train", "img/2.png": "validation", "img/3.png": "test"}


def test_a_label_may_be_empty_look_like_a_number_or_hold_a_line_separator(tmp_path: Path) -> None:
    source = source_of(
        tmp_path, {**pictures("1.png", "2.png", "3.png"), "l.txt": "1.png\t\n2.png\t007\n3.png\ta\u2028b"}
    )
    assert labels_of(source, "paddleocr") == {"1.png": "", "2.png": "007", "3.png": "a\u2028b"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("1.png\ta\n3.png\tb\n", r"not there: l\.txt, line 2: '3\.png': add them"),
        ("1.png\ta\n/x/2.png\tb\n", r"another place: l\.txt, line 2: '/x/2\.png' \(perhaps 2\.png\)"),
        ("1.png\ta\n1.png\ta\n", r"two rows: 1\.png \(l\.txt, line 1, and l\.txt, line 2\)"),
        ("1.png\ta\n2.png\n", r"l\.txt: not a path, one tab and a label: line 2 \('2\.png'\)"),
        ("1.png\ta\n2.png\tb\tc\n", r"line 2 \('2\.png\\tb\\tc'\)"),
        ("1.png a\n", r"no list that begins with .*there is l\.txt with '1\.png a': separate path and label by a tab"),
        ("1.png,a\n", r"there is l\.txt with '1\.png,a'"),
        (b"1.png\ta\n2.png\t\xff\n", r"l\.txt, line 2: byte 0xff is not UTF-8"),
    ],
)
def test_what_is_wrong_with_a_list_is_named(tmp_path: Path, lines: str | bytes, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        labels_of(source_of(tmp_path, {**pictures("1.png", "2.png"), "l.txt": lines}), "paddleocr")


def test_lists_that_are_not_of_splits_must_be_chosen_from(tmp_path: Path) -> None:
    source = source_of(tmp_path, {**pictures("1.png"), "a.txt": "1.png\ta\n", "b.txt": "1.png\tb\n"})
    with pytest.raises(CaptchaOcrError, match=r"2 tables: a\.txt, b\.txt: name one in fetch\.table"):
        labels_of(source, "paddleocr")
    assert labels_of(source, "paddleocr", table="b.txt") == {"1.png": "b"}


def test_a_list_for_detection_is_none_for_recognition(tmp_path: Path) -> None:
    source = source_of(tmp_path, {**pictures("1.png"), "Label.txt": '1.png\t[{"transcription": "a", "points": []}]\n'})
    assert not recognised(source, "paddleocr")
