"""The table of labels on disk."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.tables.table import read_table
from captcha_ocr.labelling.table import LabelTable
from tests.hostile import STORABLE


def test_each_answer_is_on_disk_and_the_next_process_continues(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    with LabelTable(path) as table:
        table.put("a.png", "x,y")
        assert path.read_text() == 'file,text\na.png,"x,y"\n'
    with LabelTable(path) as table:
        table.put("b, c.png", "nan")
        table.put("a.png", '"q"')
        assert table.texts == {"a.png": '"q"', "b, c.png": "nan"}
        table.remove("a.png")
    assert path.read_text() == 'file,text\n"b, c.png",nan\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("label,path,who\nold,gone.png,Ann\n", "label,path,who\nold,gone.png,Ann\nnew,a.png,\n"),
        ("who,file,text\nAnn,a.png,old\n", "who,file,text\nAnn,a.png,new\n"),
        ("\ufefffile;text\r\nb.png;1\r\n", "\ufefffile;text\r\nb.png;1\r\na.png;new\r\n"),
        ("image_path\tplate_text\nb.png\t007\n", "image_path\tplate_text\nb.png\t007\na.png\tnew\n"),
        ("", "file,text\na.png,new\n"),
    ],
    ids=["other columns and rows", "in its row", "byte order mark, CRLF, semicolons", "tabs", "an empty file"],
)
def test_the_form_of_an_existing_table_is_kept(before: str, after: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(before.encode())
    with LabelTable(path) as table:
        table.put("a.png", "new")
    assert path.read_bytes().decode() == after


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a.png,abc\n", "'a.png,abc', names no columns for picture and label"),
        (b"file text\na.png abc\n", "names no columns"),
        (b"file,text,label\na.png,b,c\n", r"several columns for picture or label \(file, text, label\)"),
        (b"file,text\na.png\n", "line 2, has 1 cells, and the first line 2"),
        (b"file,text\na.png,b,c\n", "line 2, has 3 cells"),
        (b"file,text\na.png,b\nb.png,c\na.png,d\n", "line 4, names a.png, as line 2 does"),
        (b"file,text\n,b\n", "line 2, names no picture"),
        (b"file,text\na.png,\xff\n", "line 2, is not UTF-8"),
        (b'file,text\na.png,"b\n', "is not CSV"),
    ],
)
def test_what_cannot_be_continued_is_refused_and_left_alone(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_bytes(content)
    with pytest.raises(CaptchaOcrError, match=said):
        LabelTable(path)
    assert path.read_bytes() == content


def test_a_new_table_needs_an_ending_that_says_its_form(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"ends neither in \.csv nor in \.tsv"):
        LabelTable(tmp_path / "labels.txt")


def test_two_processes_do_not_write_to_one_table(tmp_path: Path) -> None:
    with LabelTable(tmp_path / "labels.csv"), pytest.raises(CaptchaOcrError, match="end it first"):
        LabelTable(tmp_path / "labels.csv")
    LabelTable(tmp_path / "labels.csv")


def test_what_another_program_has_written_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    with LabelTable(path) as table:
        table.put("a.png", "x")
        path.write_text("file,text\na.png,y\n")
        with pytest.raises(CaptchaOcrError, match="changed by another program"):
            table.put("b.png", "z")
        assert table.texts == {"a.png": "x"}
    assert path.read_text() == "file,text\na.png,y\n"


def test_a_full_disk_leaves_the_old_table_and_the_answer_can_be_given_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with LabelTable(tmp_path / "labels.csv") as table:
        table.put("a.png", "x")
        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", full)
            with pytest.raises(CaptchaOcrError, match="No space left"):
                table.put("b.png", "y")
        assert (tmp_path / "labels.csv").read_text() == "file,text\na.png,x\n"
        table.put("b.png", "y")
    assert (tmp_path / "labels.csv").read_text() == "file,text\na.png,x\nb.png,y\n"


WRITER = """
import sys
from pathlib import Path
from captcha_ocr.labelling.table import LabelTable
with LabelTable(Path(sys.argv[1])) as table:
    for number in range(100_000):
        table.put(f"{number}.png", "text")
        print(number, flush=True)
"""


@pytest.mark.parametrize("moment", [0.01, 0.023, 0.05])
def test_a_killed_process_loses_no_answer_and_leaves_no_lock(moment: float, tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    process = subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    time.sleep(moment)
    process.kill()
    answered = [0, *map(int, process.stdout.read().split())]
    process.wait()
    with LabelTable(path) as table:
        assert len(answered) <= len(table.texts) <= len(answered) + 1
        assert list(table.texts) == [f"{number}.png" for number in range(len(table.texts))]


@pytest.mark.parametrize("name", ["labels.csv", "labels.tsv"])
def test_labels_that_spreadsheets_take_for_formulas_are_read_as_they_were_typed(name: str, tmp_path: Path) -> None:
    texts = {f"{number}.png": text for number, text in enumerate(STORABLE.values())} | {"=a.png": "-1"}
    with LabelTable(tmp_path / name) as table:
        table.put_all(texts)
    content = (tmp_path / name).read_bytes()
    assert content.decode().splitlines()[0].replace("\t", ",") == "file',text'"
    assert b"\n=" not in content
    with LabelTable(tmp_path / name) as table:
        assert table.texts == texts
        table.put("b.png", "c")
        table.remove("b.png")
    assert (tmp_path / name).read_bytes() == content
    read = read_table(content, name)
    assert list(read.columns) == ["file", "text"]
    assert {line.cells[0]: line.cells[1] for line in read.lines} == texts


def test_in_another_s_table_only_marked_columns_are_read_so(tmp_path: Path) -> None:
    before = "file,text,height'\na.png,'=a,'=5\n"
    (tmp_path / "labels.csv").write_text(before)
    with LabelTable(tmp_path / "labels.csv") as table:
        assert table.texts == {"a.png": "'=a"}
        table.put("b.png", "c")
    assert (tmp_path / "labels.csv").read_text() == "file,text',height'\na.png,''=a,'=5\nb.png,c,\n"
    (line,) = read_table(before.encode(), "labels.csv").lines
    assert line.cells[1] == "'=a"
