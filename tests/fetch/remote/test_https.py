"""Sources at https:// addresses, from a real server in this process."""

from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest

from captcha_ocr.artifacts.pin import Pin
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.fetch import fetch
from captcha_ocr.fetch.locate import locate
from tests.fetch import test_download
from tests.fetch.remote.sources import at, brought, kept
from tests.fetch.sources import SHIPPED, pictures, source_of
from tests.fetch.test_download import CONTENT, server  # noqa: F401  # a fixture


@pytest.fixture
def address(server: ThreadingHTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:  # noqa: F811
    monkeypatch.chdir(tmp_path)
    return f"https://127.0.0.1:{server.server_port}/sets/mine.zip?key=secret"


@pytest.fixture
def gone(address: str, server: ThreadingHTTPServer) -> None:  # noqa: F811
    server.faults = [503] * 99


def test_a_file_is_copied_once_until_it_changes(
    address: str,
    server: ThreadingHTTPServer,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = locate(at(address), Path("a.zip"))
    assert brought(address) == {"mine.zip": CONTENT}
    asked = len(server.seen)
    assert brought(address) == {"mine.zip": CONTENT}
    assert len(server.seen) == asked + 1
    assert locate(at(address), Path("a.zip")) == before
    monkeypatch.setattr(test_download, "CONTENT", b"another")
    server.etag = '"two"'
    assert locate(at(address), Path("a.zip")) != before
    assert brought(address) == {"mine.zip": b"another"}
    assert kept(tmp_path) == ["copy"]


def test_a_copy_is_used_when_the_address_cannot_be_reached_and_that_is_said(
    address: str,
    server: ThreadingHTTPServer,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = locate(at(address), Path("a.zip"))
    brought(address)
    server.faults = [503] * 9
    assert brought(address) == {"mine.zip": CONTENT}
    assert locate(at(address), Path("a.zip")) == before
    said = capsys.readouterr().out
    assert said.count("mine.zip?… could not be reached in 1 attempts") == 2
    assert "The copy of it from before is used" in said
    assert "secret" not in said


@pytest.mark.usefixtures("gone")
def test_an_address_that_cannot_be_reached_is_an_error_where_nothing_is_kept(address: str) -> None:
    with pytest.raises(UnreachableError, match="could not be reached"):
        locate(at(address), Path("a.zip"))
    with pytest.raises(UnreachableError, match="could not be reached"):
        brought(address)


def test_the_state_from_before_is_kept_where_neither_source_nor_copy_is_there(
    address: str,
    server: ThreadingHTTPServer,  # noqa: F811
    tmp_path: Path,
) -> None:
    for table in ("", "labels.csv"):
        (tmp_path / "labels.csv").write_text("file,text\n")
        params = at(address, table=table)
        before = locate(params, Path("a.zip"))
        server.faults = [503]
        assert locate(params, Path("a.zip"), before) == before
    (tmp_path / "labels.csv").write_text("file,text\n1.png,a\n")
    server.faults = [503]
    assert locate(params, Path("a.zip"), before) != before


def test_a_broken_transfer_leaves_no_copy_and_is_resumed(
    address: str,
    server: ThreadingHTTPServer,  # noqa: F811
    tmp_path: Path,
) -> None:
    server.faults = [None, "break"]
    with pytest.raises(UnreachableError):
        brought(address)
    assert kept(tmp_path) == ["draft"]
    assert brought(address) == {"mine.zip": CONTENT}
    assert server.seen[-1].startswith("bytes=")
    assert kept(tmp_path) == ["copy"]


def test_a_part_of_another_version_is_thrown_away(
    address: str,
    server: ThreadingHTTPServer,  # noqa: F811
    tmp_path: Path,
) -> None:
    server.faults = [None, "break"]
    with pytest.raises(UnreachableError):
        brought(address)
    server.etag = '"two"'
    assert brought(address) == {"mine.zip": CONTENT}
    assert kept(tmp_path) == ["copy"]


def test_a_source_that_is_too_large_is_refused_before_it_is_copied(address: str, tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"holds 1 MB, more than fetch\.max_download_mb = 0\.5"):
        brought(address, max_download_mb=0.5)
    assert kept(tmp_path) == []


def test_the_pictures_of_a_zip_at_an_address_are_packed(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = source_of(tmp_path, pictures("22.png", "33.png"), "zip")
    monkeypatch.setattr(test_download, "CONTENT", archive.read_bytes())
    pin = Pin("https://127.0.0.1:9/a.zip", tmp_path / "a.zip", "", "", tmp_path / "listing", "free")
    provenance = fetch(pin, tmp_path / "pictures", at(address), SHIPPED.text)
    assert provenance.pictures == 2
    assert provenance.obtained == f"copy of {address.replace('key=secret', '…')}"


def test_an_experiment_s_copy_of_the_project_uses_the_real_one_s(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copy").mkdir()
    monkeypatch.chdir(tmp_path / "copy")
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))
    brought(address)
    assert kept(tmp_path) == ["copy"]
