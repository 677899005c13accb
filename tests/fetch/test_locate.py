import os
from pathlib import Path

import pytest

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.fetch.locate import locate
from captcha_ocr.params.params import load_params
from tests.modules import ROOT

PARAMS = load_params(ROOT / "params.yaml").fetch


def located(
    source: str = "", archive: str = "a.zip", table: str = "", previous: SourceState | None = None
) -> SourceState:
    return locate(PARAMS.model_copy(update={"source": source, "table": table}), Path(archive), previous)


def test_an_archive_that_appears_or_changes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    absent = located()
    (tmp_path / "a.zip").write_bytes(b"one")
    first = located()
    (tmp_path / "a.zip").write_bytes(b"three")
    assert absent.state == "absent"
    assert len({absent.state, first.state, located().state}) == 3


def test_a_picture_added_to_one_s_own_folder_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.png").write_bytes(b"x")
    before = located("mine")
    assert located("mine") == before
    (tmp_path / "mine" / "b.png").write_bytes(b"x")
    assert located("mine") != before


def test_a_table_beside_the_source_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zip").write_bytes(b"one")
    (tmp_path / "labels.csv").write_text("file,text\n")
    before = located("a.zip", table="labels.csv")
    (tmp_path / "labels.csv").write_text("file,text\n1.png,a\n")
    assert located("a.zip", table="labels.csv") != before


def test_a_picture_beside_a_table_that_is_the_source_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "labels.csv").write_text("file,text\n")
    before = located("labels.csv")
    (tmp_path / "notes.md").write_text("not a picture")
    assert located("labels.csv") == before
    (tmp_path / "1.png").write_bytes(b"x")
    assert located("labels.csv") != before


def test_an_experiment_s_copy_looks_in_the_real_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(b"one")
    copy = tmp_path / "copy"
    copy.mkdir()
    monkeypatch.chdir(copy)
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    assert located().state != "absent"


def test_a_clone_that_has_pulled_the_pictures_needs_no_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    noted = SourceState(place="a.zip", state="3 1")
    assert located(previous=noted) == noted
    assert located(archive="b.zip", previous=noted).state == "absent"
    (tmp_path / "a.zip").write_bytes(b"one")
    assert located(previous=noted) != noted


@pytest.mark.parametrize("content", [b"", b'{"place": "a', bytes(40), b"[]", b'{"place": "a.zip"}', b"\xff"])
def test_a_note_that_is_damaged_or_of_another_version_is_said_and_written_again(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """DVC keeps the file from run to run, so that no forced run would be rid of it."""
    path = tmp_path / "source.json"
    path.write_bytes(content)
    assert SourceState.read_kept(path) is None
    assert "source.json is damaged" in capsys.readouterr().out
    located().write(path)
    assert SourceState.read_kept(path) == located()


def test_a_name_that_is_no_utf_8_is_noted_and_left_to_the_stage_that_refuses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine $5").mkdir()
    (tmp_path / "mine $5" / "a.png").write_bytes(b"x")
    before = located("mine $5")
    (tmp_path / "mine $5" / os.fsdecode(b"\xff.png")).write_bytes(b"x")
    assert located("mine $5") != before
