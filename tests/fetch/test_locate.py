from pathlib import Path

import pytest

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.locate import locate


def test_an_archive_that_appears_or_changes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    absent = locate("", Path("a.zip"), "")
    (tmp_path / "a.zip").write_bytes(b"one")
    first = locate("", Path("a.zip"), "")
    (tmp_path / "a.zip").write_bytes(b"three")
    assert absent.state == "absent"
    assert len({absent.state, first.state, locate("", Path("a.zip"), "").state}) == 3


def test_a_picture_added_to_one_s_own_folder_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.png").write_bytes(b"x")
    before = locate("mine", Path("a.zip"), "")
    assert locate("mine", Path("a.zip"), "") == before
    (tmp_path / "mine" / "b.png").write_bytes(b"x")
    assert locate("mine", Path("a.zip"), "") != before


def test_a_table_beside_the_source_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zip").write_bytes(b"one")
    (tmp_path / "labels.csv").write_text("file,text\n")
    before = locate("a.zip", Path("a.zip"), "labels.csv")
    (tmp_path / "labels.csv").write_text("file,text\n1.png,a\n")
    assert locate("a.zip", Path("a.zip"), "labels.csv") != before


def test_a_picture_beside_a_table_that_is_the_source_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.csv").write_text("file,text\n")
    before = locate("labels.csv", Path("a.zip"), "")
    (tmp_path / "notes.md").write_text("not a picture")
    assert locate("labels.csv", Path("a.zip"), "") == before
    (tmp_path / "1.png").write_bytes(b"x")
    assert locate("labels.csv", Path("a.zip"), "") != before


def test_an_experiment_s_copy_looks_in_the_real_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(b"one")
    copy = tmp_path / "copy"
    copy.mkdir()
    monkeypatch.chdir(copy)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    assert locate("", Path("a.zip"), "").state != "absent"


def test_a_clone_that_has_pulled_the_pictures_needs_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    noted = SourceState(place="a.zip", state="3 1")
    assert locate("", Path("a.zip"), "", noted) == noted
    assert locate("", Path("b.zip"), "", noted).state == "absent"
    (tmp_path / "a.zip").write_bytes(b"one")
    assert locate("", Path("a.zip"), "", noted) != noted


def test_a_note_of_another_version_is_refused_with_a_remedy_that_helps(tmp_path: Path) -> None:
    """DVC keeps the file from run to run, so that no forced run would be rid of it."""
    (tmp_path / "source.json").write_text('{"place": "a.zip"}')
    with pytest.raises(CaptchaOcrError, match=r"source\.json .*state: Field required\): delete it"):
        SourceState.read_from(tmp_path)
