"""What a user's answers do, and in which order pictures come."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.labelling.pictures import pictures_below
from captcha_ocr.labelling.reading import Guess, Outcomes, read_in_portions
from captcha_ocr.labelling.session import Session
from captcha_ocr.labelling.table import LabelTable

NAMES = ("a.png", "b.png", "deep/c.png", "e.tif")
READ: Outcomes = {
    0: Guess("aa", 0.9, 0.9),
    1: Guess("bb", 0.2, 0.2),
    2: Guess("cc", 0.5, 0.5),
    3: Guess("dd", 0.7, 0.7),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGBA", (8, 4)).save(tmp_path / "pictures" / name)
    (tmp_path / "pictures" / ".hidden").mkdir()
    (tmp_path / "pictures" / ".hidden" / "h.png").write_bytes(b"not looked at")
    return tmp_path / "pictures"


def opened(folder: Path) -> Session:
    """On the table beside the folder; its lock ends with the table."""
    path = folder.parent / "labels.csv"
    return Session(pictures_below(folder, path), LabelTable(path))


def stored(folder: Path) -> list[str]:
    return (folder.parent / "labels.csv").read_text().splitlines()[1:]


def shown(session: Session, count: int = len(NAMES)) -> list[int]:
    return [session.item(position).number for position in range(count)]


def test_the_least_sure_that_is_known_comes_first(folder: Path) -> None:
    session = opened(folder)
    assert session.item(0).kind == "waiting"
    session.take_all([{0: READ[0], 3: READ[3]}])
    assert session.item(0).number == 3
    session.take_all([{1: READ[1], 2: READ[2]}])
    assert shown(session) == [3, 1, 2, 0]
    assert session.item(4).kind == "end"


def test_an_answer_is_on_disk_under_the_picture_s_path_from_the_table(folder: Path) -> None:
    session = opened(folder)
    session.take_all([READ])
    session.answer(1, " e\u0301 ")
    assert stored(folder) == ["pictures/deep/c.png,é"]
    assert session.item(1).label == "é"
    assert session.position() == 0


@pytest.mark.parametrize("typed", ["", " \t", "a\nb", "a\x00"])
def test_a_text_that_is_no_label_is_refused(typed: str, folder: Path) -> None:
    session = opened(folder)
    session.take_all([READ])
    with pytest.raises(CaptchaOcrError):
        session.answer(0, typed)
    assert not (folder.parent / "labels.csv").exists()


def test_undo_goes_back_answer_by_answer(folder: Path) -> None:
    (folder.parent / "labels.csv").write_text("file,text\npictures/a.png,old\npictures/b.png,\n")
    session = opened(folder)
    session.take_all([{number: READ[number] for number in session.unread}])
    assert shown(session) == [0, 1, 2, 3]  # those with a label first, so that the user can go back to them
    for position, text in ((0, "new"), (1, "bb"), (2, "cc")):
        session.answer(position, text)
    assert stored(folder) == ["pictures/a.png,new", "pictures/b.png,bb", "pictures/deep/c.png,cc"]
    undone = [session.undo() for _ in range(3)]
    assert [(change.position, change.label, change.text) for change in undone] == [
        (2, None, "cc"),
        (1, None, "bb"),
        (0, "old", "new"),
    ]
    assert stored(folder) == ["pictures/a.png,old", "pictures/b.png,"]
    with pytest.raises(CaptchaOcrError, match="no answer to undo"):
        session.undo()


def test_an_existing_table_may_name_pictures_from_either_folder(folder: Path) -> None:
    (folder.parent / "labels.csv").write_text("file,text\npictures/a.png,1\n./b.png,2\ngone.png,3\n")
    session = opened(folder)
    assert session.unread == [2, 3]
    session.answer(1, "two")
    assert stored(folder) == ["pictures/a.png,1", "./b.png,two", "gone.png,3"]


def test_a_picture_with_two_rows_is_refused(folder: Path) -> None:
    (folder.parent / "labels.csv").write_text("file,text\npictures/a.png,1\na.png,2\n")
    with pytest.raises(CaptchaOcrError, match=r"two rows for one picture, pictures/a.png and a\.png"):
        opened(folder)


def test_passed_pictures_come_again_and_undecodable_ones_are_named(folder: Path) -> None:
    (folder / "broken.png").write_bytes(b"no picture")
    path = folder.parent / "labels.csv"
    pictures = pictures_below(folder, path)
    session = Session(pictures, LabelTable(path))
    session.take_all(read_in_portions(session.unread, pictures, None))
    assert [session.item(position).file for position in range(4)] == [f"pictures/{name}" for name in sorted(NAMES)]
    (message,) = session.progress().failed
    assert message.startswith("pictures/broken.png cannot be decoded")
    session.answer(2, "c")
    assert session.item(4).kind == "end"
    assert session.again() == 4
    assert [session.item(position).file for position in (4, 5, 6)] == [
        "pictures/a.png",
        "pictures/b.png",
        "pictures/e.tif",
    ]


def test_a_model_that_fails_ends_the_waiting(folder: Path) -> None:
    def failing() -> Iterator[Outcomes]:
        yield {0: READ[0]}
        raise ValueError("no memory")

    session = opened(folder)
    with pytest.raises(ValueError, match="no memory"):
        session.take_all(failing())
    assert session.item(0).number == 0
    with pytest.raises(CaptchaOcrError, match="no memory"):
        session.item(1)


def test_a_picture_is_shown_on_white_as_a_png(folder: Path) -> None:
    session = opened(folder)
    (folder / "shown.png").write_bytes(session.picture(3))
    with Image.open(folder / "shown.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (8, 4))
        assert np.asarray(picture).min() == 255
    with pytest.raises(CaptchaOcrError, match="no picture 9"):
        session.picture(9)
