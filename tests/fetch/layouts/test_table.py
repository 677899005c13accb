"""Tables that name pictures and labels: what is read from them, and each fault by name."""

import json
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from tests.fetch.sources import Kind, labels_of, pictures, recognised, source_of, splits_of

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


def test_any_script_mixed_case_and_spaces_stay_as_they_are(tmp_path: Path) -> None:
    """Five thousand symbols, a hundred a label."""
    symbols = "".join(map(chr, range(0x4E00, 0x4E00 + 4900))) + "aA bB ÄäßſİıΣςσ абв ١٢٣ ‏שלום ไทย हिन्दी 🙂".ljust(
        100, "x"
    )
    labels = [symbols[start : start + 100] for start in range(0, len(symbols), 100)]
    files = pictures(*(f"{i:02}.png" for i in range(len(labels))))
    rows = "".join(f"{name}\t{label}\n" for name, label in zip(files, labels, strict=True))
    assert list(labels_of(source_of(tmp_path, {**files, "a.tsv": "file\ttext\n" + rows}), "table").values()) == labels


def test_a_number_in_json_lines_stays_as_it_is_written(tmp_path: Path) -> None:
    rows = '{"file": "1.png", "text": 1.50}\n{"file": "2.png", "text": 1e5}\n{"file": "3.png", "text": null}\n'
    source = source_of(tmp_path, {**pictures("1.png", "2.png", "3.png"), "a.jsonl": rows})
    assert labels_of(source, "table") == {"1.png": "1.50", "2.png": "1e5", "3.png": None}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("file,text\n1.png,a\n2.png,b\n3.png,c\n", r"not there: a\.csv, line 4: '3\.png': add them"),
        ("file,text\n1.png,a\n2.PNG,b\n", r"a\.csv, line 3: '2\.PNG' \(perhaps 2\.png\)"),
        ("file,text\n\u00e9.png,a\n", r"a\.csv, line 2: '\u00e9\.png' \(perhaps e\u0301\.png\)"),
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
        labels_of(source_of(tmp_path, {**pictures("1.png", "2.png", "e\u0301.png"), "a.csv": table}), "table")


def test_columns_and_table_may_be_named(tmp_path: Path) -> None:
    rows = "id,what it says,file,text,set\na.png,right,b.png,wrong,test\n"
    source = source_of(tmp_path, {**pictures("a.png", "b.png"), "one.csv": rows, "two.csv": "x"})
    named = {"table": "one.csv", "picture_column": "id", "text_column": "what it says", "split_column": "set"}
    assert labels_of(source, "table", **named) == {"a.png": "right"}
    assert splits_of(source, "table", **named) == {"a.png": "test"}


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({}, r"2 tables: a\.csv, b\.csv: name one in fetch\.table .*, or name each after its split, as train\.csv"),
        ({"table": "c.csv"}, r"fetch\.table = 'c\.csv' is neither in .* in the source there is a\.csv, b\.csv"),
        ({"table": "1.png"}, r"1\.png is no table: fetch\.table names a file that ends in \.csv, \.tsv"),
        (
            {"table": "a.csv", "text_column": "x"},
            r"no column 'x', which fetch\.text_column names: it has 'file', 'text'",
        ),
    ],
)
def test_a_parameter_that_names_nothing_is_named(tmp_path: Path, parameters: dict[str, str], said: str) -> None:
    tables = {"a.csv": "file,text\n1.png,a\n", "b.csv": "file,text\n1.png,b\n"}
    with pytest.raises(CaptchaOcrError, match=said):
        labels_of(source_of(tmp_path, {**pictures("1.png"), **tables}), "table", **parameters)


def test_ten_rows_are_named_and_all_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"{i}.png,a\n" for i in range(100, 130))
    with pytest.raises(CaptchaOcrError, match=r"'109\.png', … \(30 in all\)"):
        labels_of(source_of(tmp_path, {**pictures("1.png"), "a.csv": "file,text\n" + rows}), "table")


def test_pictures_without_a_row_are_left_out_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {**pictures("1.png", "2.png", "3.png"), "a.csv": "file,text\n2.png,b\n", "README.md": "read me"}
    assert labels_of(source_of(tmp_path, files), "table") == {"2.png": "b"}
    assert "2 of 3 pictures have no label and are left out" in capsys.readouterr().out


def test_a_path_means_the_table_s_folder_before_the_source_s_root(tmp_path: Path) -> None:
    files = {**pictures("1.png", "sub/1.png", "2.png"), "sub/a.csv": "file,text\n1.png,near\n2.png,root\n../1.png,up\n"}
    assert labels_of(source_of(tmp_path, files), "table") == {"1.png": "up", "2.png": "root", "sub/1.png": "near"}


@pytest.mark.parametrize(
    ("kind", "paths"),
    [
        ("folder", "own/set/1.png"),
        ("folder", "set/1.png"),
        ("folder", "1.png"),
        ("zip", "set/1.png"),
        ("zip", "1.png"),
    ],
)
def test_a_table_may_lie_beside_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: Kind, paths: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.csv").write_text(f"file,text\n{paths},a\n")
    assert labels_of(source_of(tmp_path, pictures("set/1.png"), kind), "table", table="labels.csv") == {"1.png": "a"}


def test_a_table_may_be_the_source(tmp_path: Path) -> None:
    """Other tables beside it, and what hidden folders hold, are no part of it."""
    files = {**pictures("pics/1.png", ".venv/2.png"), "a.csv": "file,text\npics/1.png,a\n", "b.csv": "other"}
    source = source_of(tmp_path, files) / "a.csv"
    assert labels_of(source, "table") == {"pics/1.png": "a"}
    assert recognised(source, "table")


def test_an_absolute_path_into_the_source_is_one_of_it(tmp_path: Path) -> None:
    table = f"file,text\n{tmp_path / 'own' / '1.png'},a\n"
    assert labels_of(source_of(tmp_path, {**pictures("1.png"), "a.csv": table}), "table") == {"1.png": "a"}


def test_a_column_gives_the_split_before_folders_do(tmp_path: Path) -> None:
    rows = "file,text,split\ntrain/1.png,a,TEST\ntrain/2.png,b,\nvalid/3.png,c,dev\n4.png,d,\n"
    source = source_of(tmp_path, {**pictures("train/1.png", "train/2.png", "valid/3.png", "4.png"), "a.csv": rows})
    expected = {"train/1.png": "test", "train/2.png": "train", "valid/3.png": "validation", "4.png": None}
    assert splits_of(source, "table") == expected


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_the_metadata_of_each_folder_of_an_imagefolder_is_read(tmp_path: Path, ending: str) -> None:
    rows = {"csv": "file_name,text\n1.png,a\n", "jsonl": '{"file_name": "1.png", "text": "a"}\n'}[ending]
    folders = ("train", "validation", "test")
    files = pictures(*(f"{folder}/1.png" for folder in folders)) | {
        f"{folder}/metadata.{ending}": rows for folder in folders
    }
    source = source_of(tmp_path, files)
    assert splits_of(source, "table") == {f"{folder}/1.png": folder for folder in folders}
    assert set(labels_of(source, "table").values()) == {"a"}


def test_annotations_of_fast_plate_ocr_are_read(tmp_path: Path) -> None:
    files = {
        **pictures("images/1.jpg", "images/2.jpg"),
        "train_annotations.csv": "image_path,plate_text,plate_region\nimages/1.jpg,AB 123,Spain\n",
        "val_annotations.csv": "image_path,plate_text,plate_region\nimages/2.jpg,0012,Peru\n",
    }
    source = source_of(tmp_path, files)
    assert labels_of(source, "table") == {"images/1.jpg": "AB 123", "images/2.jpg": "0012"}
    assert splits_of(source, "table") == {"images/1.jpg": "train", "images/2.jpg": "validation"}
    assert recognised(source, "table")


@pytest.mark.parametrize(
    "files",
    [
        {"a.csv": "file,size\n1.png,9\n"},
        {"a.csv": "file,text\nelsewhere.png,a\n"},
        {"a.csv": "file,text\n"},
        {"a.json": '{"images": []}'},
        {},
    ],
)
def test_a_source_without_such_a_table_is_not_taken_for_one(tmp_path: Path, files: dict[str, str]) -> None:
    assert not recognised(source_of(tmp_path, {**pictures("1.png"), **files}), "table")


@pytest.mark.parametrize(
    ("name", "table", "said"),
    [
        ("a.jsonl", '{"file": "1.png", "text": "a"}\n{"file": \n', r"a\.jsonl, line 2: not JSON"),
        ("a.jsonl", '["1.png", "a"]\n', r"a\.jsonl: line 1 where each line must be a JSON object"),
        ("a.jsonl", '{"file": "1.png", "text": ["a"]}\n', r"a\.jsonl, line 1: \['a'\] is no text"),
        ("a.jsonl", '{"text": "a", "file": null}\n', r"a\.jsonl, line 1 names no picture"),
        ("a.jsonl", '{"file": "1.png", "text": "\\ud800"}\n', r"a\.jsonl, line 1: not JSON"),
        ("a.json", "{}", r"a\.json is no list of JSON objects"),
    ],
)
def test_what_is_wrong_with_json_is_named(tmp_path: Path, name: str, table: str, said: str) -> None:
    with pytest.raises(CaptchaOcrError, match=said):
        labels_of(source_of(tmp_path, {**pictures("1.png"), name: table}), "table")
