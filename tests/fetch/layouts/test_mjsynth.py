"""The annotation lists of 90kDICT32px, and each fault by name."""

from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import Kind, entries_of, labels_of, pictures, recognised, source_of

TOP = "mnt/90kDICT32px/"
FILES = {
    **pictures(*(f"{TOP}1/{name}.jpg" for name in ("1/1_Slinking_7", "1/2_RED_8", "2/3_it's_9", "2/4_unlisted_1"))),
    f"{TOP}annotation_train.txt": "./1/1/1_Slinking_7.jpg 7\n",
    f"{TOP}annotation_val.txt": "./1/1/2_RED_8.jpg 8\n",
    f"{TOP}annotation_test.txt": "./1/2/3_it's_9.jpg 9\n",
    f"{TOP}annotation.txt": "./1/1/1_Slinking_7.jpg 7\n./1/1/2_RED_8.jpg 8\n./1/2/3_it's_9.jpg 9\n",
    f"{TOP}imlist.txt": "./1/1/1_Slinking_7.jpg\n",
    f"{TOP}lexicon.txt": "red\n",
}


@pytest.mark.parametrize("kind", ["folder", "tar"])
def test_labels_are_in_the_names_and_splits_in_the_lists(
    tmp_path: Path, kind: Kind, capsys: pytest.CaptureFixture[str]
) -> None:
    source = source_of(tmp_path, FILES, kind)
    assert [(entry.file, entry.text, entry.split) for entry in entries_of(source, "mjsynth")] == [
        ("1/1/1_Slinking_7.jpg", "Slinking", "train"),
        ("1/1/2_RED_8.jpg", "RED", "validation"),
        ("1/2/3_it's_9.jpg", "it's", "test"),
    ]
    assert "1 of 4 pictures have no label and are left out" in capsys.readouterr().out
    assert recognised(source, "mjsynth")


def test_the_list_of_all_pictures_serves_where_there_is_no_other(tmp_path: Path) -> None:
    files = {name: content for name, content in FILES.items() if "annotation_" not in name}
    assert len(labels_of(source_of(tmp_path, files), "mjsynth")) == 3


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("./1_a_2.jpg 2\n./3_b_4.jpg 4\n", r"not there: annotation\.txt, line 2: '\./3_b_4\.jpg'"),
        ("./1_a_2.jpg 2\n./1_a_2.jpg 2\n", r"two rows: 1_a_2\.jpg"),
        ("./1_a_2.jpg 2\nab.jpg 3\n", r"annotation\.txt: not as \./2697.*: line 2 \('ab\.jpg 3'\)"),
        ("./1_a_2.jpg\t2\n", r"line 1 \('\./1_a_2\.jpg\\t2'\)"),
        (None, r"holds no annotation_train\.txt: name the list in fetch\.table"),
    ],
)
def test_what_is_wrong_with_a_list_is_named(tmp_path: Path, lines: str | None, said: str) -> None:
    files = {**pictures("1_a_2.jpg"), **({} if lines is None else {"annotation.txt": lines})}
    with pytest.raises(CaptchaOcrError, match=said):
        labels_of(source_of(tmp_path, files), "mjsynth")
