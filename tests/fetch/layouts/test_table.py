"""Tables that name pictures and labels: what is read from them, and each fault by name."""

import json
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import Kind, labels_of, pictures, recognised, source_of

TWO = pictures("images/1.png", "images/2.png")
LABELS = {"images/1.png": "ab c", "images/2.png": "É,“x”"}
CSV = 'file_name,text\nimages/1.png,ab c\nimages/2.png,"É,“x”"\n'
TSV = "file_name\ttext\nimages/1.png\tab c\nimages/2.png\tÉ,“x”\n"
JSON_LINES = "".join(json.dumps({"file_name": name, "text": text}) + "\n" for name, text in LABELS.items())
JSON = json.dumps([{"file_name": name, "text": text} for name, text in LABELS.items()])


@pytest.mark.parametrize("kind", ["folder", "zip", "tar"])
@pytest.mark.parametrize(("name", "table"), [("a.csv", CSV), ("a.tsv", TSV), ("a.jsonl", JSON_LINES), ("a.json", JSON)])
def test_labels_are_read_from_every_kind_of_table_and_source(tmp_path: Path, kind: Kind, name: str, table: str) -> None:
    source = source_of(tmp_path, {**TWO, name: table}, kind)
    assert labels_of(source, "table") == LABELS
    assert recognised(source, "table")


@pytest.mark.parametrize(
    "table",
    [
        CSV.encode("utf-8-sig"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("É", "E\N{COMBINING ACUTE ACCENT}").encode(),
        CSV.replace("images/1.png", "./images/./1.png").replace("images/2.png", "images\\2.png").encode(),
        b"\n".join(CSV.encode().split(b"\n")[:2]) + b"\n\n" + 'images/2.png,"É,“x”"'.encode(),
    ],
    ids=["BOM", "CRLF", "decomposed", "other ways to write a path", "empty line"],
)
def test_how_a_table_was_saved_makes_no_difference(tmp_path: Path, table: bytes) -> None:
    assert labels_of(source_of(tmp_path, {**TWO, "a.csv": table}), "table") == LABELS


PLAIN = ["007", "1e5", "nan", "NaN", "NULL", "None", "", " x ", "true", "1_000", "-0", "0x1f", "2024-01-01", "#N/A"]


def test_a_label_stays_the_text_that_is_written(tmp_path: Path) -> None:
    files = pictures(*(f"{i:02}.png" for i in range(len(PLAIN))))
    rows = "".join(f"{name},{label}\n" for name, label in zip(files, PLAIN, strict=True))
    assert list(labels_of(source_of(tmp_path, {**files, "a.csv": "file,text\n" + rows}), "table").values()) == PLAIN


def test_a_number_in_json_lines_stays_as_it_is_written(tmp_path: Path) -> None:
    rows = '{"file": "1.png", "text": 1.50}\n{"file": "2.png", "text": 1e5}\n{"file": "3.png", "text": null}\n'
    source = source_of(tmp_path, {**pictures("1.png", "2.png", "3.png"), "a.jsonl": rows})
    assert labels_of(source, "table") == {"1.png": "1.50", "2.png": "1e5", "3.png": None}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("file,text\n1.png,a\n2.png,b\n3.png,c\n", r"not there: a\.csv, line 4: '3\.png': add them"),
        ("file,text\n1.png,a\n2.PNG,b\n", r"a\.csv, line 3: '2\.PNG' \(perhaps 2\.png\)"),
        ("file,text\n1.png,a\n1.png,a\n", r"two rows: 1\.png \(a\.csv, line 2, and a\.csv, line 3\)"),
        ("file,text\n1.png,a\n./1.png,b\n", r"two rows: 1\.png \(a\.csv, line 2, and a\.csv, line 3\)"),
        ("file;text\n1.png;a\n", r"a\.csv: the header 'file;text' has a semicolon where a comma must separate"),
        ("file\ttext\n1.png\ta\n", r"a\.csv: the header .* has a tab where a comma"),
        (
            "file,size\n1.png,9\n",
            r"no column with a usual name for the text: it has 'file', 'size': name .*text_column",
        ),
        ("name,text\n1.png,9\n", r"for the picture: it has 'name', 'text': name one in fetch\.picture_column"),
        ("1.png,a\n2.png,b\n", r"it has '1\.png', 'a': add a header, as file_name,text"),
        ("file,text,label\n1.png,a,b\n", r"columns 'text', 'label': name one of them in fetch\.text_column"),
        ("file,text,text\n1.png,a,b\n", r"columns 'text', 'text': .*let no two have one name"),
        ("file,text\n/data/set/1.png,a\n", r"another place: a\.csv, line 2: '/data/set/1\.png' \(perhaps 1\.png\): w"),
        ("file,text\nC:\\set\\1.png,a\n", r"another place: a\.csv, line 2: .*\(perhaps 1\.png\): write them relative"),
        ("file,text\n1.png,a,b\n2.png\n", r"header has 2 cells, line 2 has 3, line 3 has 1: complete the rows"),
        ('file,text\n1.png,"a\n2.png,b\n', r"a\.csv, line 2: unexpected end of data: a text with a quotation mark"),
        ('file,text\n1.png,"a"b\n', r"a\.csv, line 2: .*'\,' expected after"),
        ("file,text\n,a\n", r"a\.csv, line 2 names no picture"),
        ("file,text,split\n1.png,a,holdout\n", r"a\.csv, line 2: the split 'holdout' is none of train, .*split_column"),
        ("", r"a\.csv is empty"),
        (b"file,text\n1.png,a\n2.png,\xe9\n", r"a\.csv, line 3: byte 0xe9 is not UTF-8"),
        ("file,text\n1.png,a\n".encode("utf-16"), r"a\.csv, line 1: byte 0xff is not UTF-8: save the table as UTF-8"),
    ],
)
def test_what_is_wrong_with_a_table_is_named(tmp_path: Path, table: str | bytes, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        labels_of(source_of(tmp_path, {**pictures("1.png", "2.png"), "a.csv": table}), "table")
