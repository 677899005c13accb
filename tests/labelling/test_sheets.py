"""From suspect labels to corrected ones: finding, checking, and bringing back."""

from pathlib import Path

import pytest
from PIL import Image

from captcha_ocr.artifacts.dataset.picture_shards import PictureShards
from captcha_ocr.artifacts.splits import Splits
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.labelling.corrections import begin_table, correct, read_corrections
from captcha_ocr.labelling.session import Session
from captcha_ocr.labelling.sheet import read_sheet
from captcha_ocr.labelling.suspects import find_suspects
from captcha_ocr.labelling.table import LabelTable
from captcha_ocr.recognizer import Recognizer
from tests.exported import exported, noise, untrained
from tests.packed import packed, png

FILES = ("a/0.png", "a/1.png", "b/0.png", "b/1.png")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    """It is always sure of what it reads."""
    network = untrained()
    network.layers[-1].set_weights([weight * 30 for weight in network.layers[-1].get_weights()])
    return Recognizer.from_bytes(exported(network).SerializeToString(), "sure")


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> PictureShards:
    contents = [png(Image.fromarray(pixels[:, :, 0])) for pixels in noise(len(FILES))]
    rows = {file: (content, "b", None) for file, content in zip(FILES, contents, strict=True)}
    return packed(tmp_path_factory.mktemp("sheets") / "pictures", rows)


@pytest.fixture(scope="module")
def readings(shards: PictureShards, recognizer: Recognizer) -> list[str]:
    found = recognizer.read([picture.content for picture in shards])
    assert all(reading.confidence > 0.5 for reading in found)
    return [reading.text for reading in found]


@pytest.fixture
def sheet(shards: PictureShards, recognizer: Recognizer, readings: list[str], tmp_path: Path) -> Path:
    """suspects.csv about labels of which those of the first and the last picture are wrong."""
    labels = ["aaa", readings[1], readings[2], "bbb"]
    rows = zip(FILES, labels, ("train", "train", "validation", "test"), strict=True)
    splits = Splits.from_rows({"file": file, "label": label, "split": side} for file, label, side in rows)
    suspects = find_suspects(splits, shards, recognizer)
    assert dict(zip(suspects.file, suspects.split, strict=True)) == {"a/0.png": "train", "b/1.png": "test"}
    suspects.write(tmp_path / "suspects.csv")
    return tmp_path / "suspects.csv"


def test_a_sheet_is_checked_from_its_first_row_on_and_resumes(
    sheet: Path, shards: PictureShards, readings: list[str], tmp_path: Path
) -> None:
    pictures = read_sheet(sheet, shards)
    with LabelTable(tmp_path / "corrections.csv") as table:
        session = Session(pictures, table)
        session.take_all(pictures.readings(session.unread))
        items = [session.item(position) for position in (0, 1)]
        assert [item.file for item in items] == list(pictures.files)
        shown = {item.file: (item.guess.text, item.guess.given) for item in items if item.guess}
        assert shown == {"a/0.png": (readings[0], "aaa"), "b/1.png": (readings[3], "bbb")}
        assert session.picture(0).startswith(b"\x89PNG")
        session.answer(0, "mine")
    with LabelTable(tmp_path / "corrections.csv") as table:
        assert Session(pictures, table).unread == [1]
    assert read_corrections(tmp_path / "corrections.csv") == {pictures.files[0]: "mine"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("file,label,text\na/0.png,x,y\n", "lacks the column confidence"),
        ("file,label,text,confidence\na/0.png,x,y,0.9\na/0.png,x,y,0.9\n", r"names a/0\.png twice"),
        ("file,label,text,confidence\na/0.png,x,y,sure\n", "is no sheet"),
        ("file,label,text,confidence\nc.png,x,y,0.9\n", r"holds no picture c\.png"),
    ],
)
def test_a_sheet_that_does_not_fit_is_refused(content: str, said: str, shards: PictureShards, tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text(content)
    with pytest.raises(CaptchaOcrError, match=said):
        read_sheet(tmp_path / "sheet.csv", shards)


def test_corrections_change_the_rows_of_the_source_s_table_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("split;plate_text;image_path\ntrain;x;all\\a\\0.png\ntrain;y;./all/a/1.png\ntest;z;all/b/0.png\n")
    with LabelTable(path) as table:
        assert correct(table, {"a/0.png": "new", "a/1.png": "y"}) == {"all\\a\\0.png": ("x", "new")}
    assert path.read_text() == (
        "split;plate_text;image_path\ntrain;new;all\\a\\0.png\ntrain;y;./all/a/1.png\ntest;z;all/b/0.png\n"
    )


def test_a_correction_without_one_row_of_its_own_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    content = "file,text\nx/0.png,1\ny/0.png,2\ny/1.png,3\n"
    path.write_text(content)
    with LabelTable(path) as table, pytest.raises(CaptchaOcrError, match=r"or more than one, for 0\.png, 7\.png"):
        correct(table, {"1.png": "new", "0.png": "new", "7.png": "new"})
    assert path.read_text() == content


def test_splits_that_the_source_gives_are_kept(tmp_path: Path) -> None:
    begin_table(tmp_path / "labels.csv", packed(tmp_path / "pictures", {"a.png": (b"", "x", "test")}))
    assert (tmp_path / "labels.csv").read_text() == "file,text,split\na.png,x,test\n"


def test_labels_without_a_table_get_one(shards: PictureShards, tmp_path: Path) -> None:
    begin_table(tmp_path / "labels.csv", shards)
    with LabelTable(tmp_path / "labels.csv") as table:
        assert correct(table, {"a/1.png": "new"}) == {"a/1.png": ("b", "new")}
        assert table.texts == {"a/0.png": "b", "a/1.png": "new", "b/0.png": "b", "b/1.png": "b"}
