import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from captcha_ocr.artifacts.formats.table import Counts, CountsOrMissing, Numbers, Table, Texts
from captcha_ocr.base.errors import CaptchaOcrError
from tests.hostile import STORABLE

HEAD = "label,share,count,width\n"


@dataclass(frozen=True, eq=False)
class Example(Table):
    file_name, written_by = "example.csv", "evaluate"

    label: Texts
    share: Numbers
    count: Counts
    width: CountsOrMissing


def example(*labels: str) -> Example:
    return Example.from_rows({"label": x, "share": 0.5, "count": i, "width": 9} for i, x in enumerate(labels))


def parsed(content: str) -> Example:
    return Example.parse(content.encode(), "reports/example.csv")


def through_a_file(table: Example, folder: Path) -> Example:
    table.write_to(folder)
    return Example.read_from(folder)


def test_labels_stay_text_whatever_they_look_like(tmp_path: Path) -> None:
    labels = ["001", "1e3", "1.0", "nan", "NA", "None", "null", "True", "", " ", 'a,"b', "a\nb", "\r", "a\r\nb", "é漢"]
    assert through_a_file(example(*labels), tmp_path).label.tolist() == labels


def test_columns_have_the_types_that_are_declared_even_where_no_row_shows_them() -> None:
    declared = {"share": "float64", "count": "int64", "width": "Int64"}
    for table in (example("a"), example(), parsed(HEAD), parsed(HEAD + "1,2,3,\n"), parsed(HEAD + "1,,3,4\n")):
        assert list(table.frame) == ["label", *declared]
        assert {name: str(dtype) for name, dtype in table.frame.dtypes.items() if name != "label"} == declared


def test_a_missing_number_is_written_as_nothing_and_read_as_missing(tmp_path: Path) -> None:
    table = Example.from_rows([{"label": "a", "share": None, "count": 1, "width": None}])
    (row,) = through_a_file(table, tmp_path).frame.isna().to_numpy().tolist()
    assert (tmp_path / "example.csv").read_text() == HEAD + "a,,1,\n"
    assert row == [False, True, False, True]


def test_a_text_that_is_missing_is_read_as_empty(tmp_path: Path) -> None:
    table = Example.from_rows([{"label": None, "share": 1, "count": 1, "width": 1}])
    assert through_a_file(table, tmp_path).label.tolist() == [""]


def test_numbers_are_read_as_they_were_written_to_the_last_bit(tmp_path: Path) -> None:
    extremes = [0.1 + 0.2, 5e-324, 1.7976931348623157e308, -0.0, float("inf")]
    shares = [*extremes, *(np.random.default_rng(0).random(1000) / 3).tolist()]
    table = Example.from_rows({"label": "", "share": share, "count": 2**53 + 1, "width": 2**53 + 1} for share in shares)
    read = through_a_file(table, tmp_path)
    assert read.share.to_numpy().tobytes() == np.array(shares).tobytes()
    assert set(read.count) == set(read.width) == {2**53 + 1}


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("label,share,count\na,1,2\n", "its columns are label, share, count, not label, share, count, width"),
        ("share,label,count,width\n1,a,2,3\n", "its columns are share, label"),
        ("label,share,count,width,note\na,1,2,3,x\n", "width, note, not"),
        (HEAD + "a,x,1,1\n", "'x'"),
        (HEAD + "a,1,,1\n", "NA values in column 2"),
        (HEAD + "a,1,0.5,1\n", "column 2"),
        (HEAD + "a,1,1,0.5\n", "cannot safely cast"),
        (HEAD + f"a,1,{10**20},1\n", "verflow"),
        (HEAD + "a,1,1,1,1\n", "its rows have more cells than there are columns"),
        (HEAD + "a,1,1,1\nb,1,1,1,1\n", "Expected 4 fields in line 3, saw 5"),
        ("", "cut off"),
        (HEAD + "a,1,1,1\nb,1,1,1", "cut off"),
        (HEAD + "a\0,1,1,1\n", "partly zero"),
    ],
)
def test_what_this_version_does_not_write_is_refused_by_name_with_the_remedy(content: str, why: str) -> None:
    with pytest.raises(CaptchaOcrError) as refused:
        parsed(content)
    said = str(refused.value)
    assert said.startswith("reports/example.csv is not as this version writes it (")
    assert said.endswith("): write it again with `dvc repro --force evaluate`")
    assert why in said


def test_a_file_that_is_not_there_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"example\.csv does not exist: run the stage that writes it"):
        Example.read_from(tmp_path)


def test_rows_are_chosen_and_given_in_order() -> None:
    table = example("a", "b", "c")
    assert [row.label for row in table.where(table.label != "b").rows()] == ["a", "c"]
    assert table.where(table.count > 0).frame.index.tolist() == [0, 1]
    assert table.head(2).label.tolist() == ["a", "b"]
    assert (len(table), len(example())) == (3, 0)


def test_columns_beyond_the_declared_ones_are_left_out() -> None:
    wider = example("a").frame.assign(note="x")
    assert list(Example.from_frame(wider).frame) == list(example("a").frame)


def test_no_cell_begins_a_formula_in_a_spreadsheet_and_every_text_is_read_as_it_was(tmp_path: Path) -> None:
    labels = list(STORABLE.values())
    table = example(*labels)
    assert through_a_file(table, tmp_path).label.tolist() == labels
    with (tmp_path / "example.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))]


def test_negative_numbers_and_missing_texts_are_no_formulas(tmp_path: Path) -> None:
    table = Example.from_rows([{"label": None, "share": -0.5, "count": -1, "width": None}])
    table.write_to(tmp_path)
    assert (tmp_path / "example.csv").read_text() == HEAD + ",-0.5,-1,\n"
