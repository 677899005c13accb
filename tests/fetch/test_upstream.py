"""The public archive against a pin: a real https server gives the archive."""

import hashlib
import shutil
from dataclasses import dataclass, replace
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from captcha_ocr.artifacts.pin import read_pin
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.cli.main import main
from captcha_ocr.fetch.digest import content_digest, git_blob_id
from captcha_ocr.fetch.pin import pinned_digests
from tests.fetch import test_download
from tests.fetch.sources import pack, png
from tests.fetch.test_download import server  # noqa: F401  # a fixture
from tests.modules import ROOT

PICTURES = {"22.png": png(1), "33.png": png(2), "44.png": png(3)}


def publish(monkeypatch: pytest.MonkeyPatch, folder: Path, pictures: dict[str, bytes]) -> Path:
    """What the server gives from now on."""
    archive = folder / "public.zip"
    pack(archive, *pictures.items())
    monkeypatch.setattr(test_download, "CONTENT", archive.read_bytes())
    return archive


@dataclass(frozen=True)
class Pinned:
    """A project's folder, and the server that its pin leads to."""

    folder: Path
    server: ThreadingHTTPServer


@pytest.fixture
def pinned(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: ThreadingHTTPServer,  # noqa: F811
) -> Pinned:
    """A folder with a pin of PICTURES, which the server gives, and the parameters."""
    folder = tmp_path / "project"
    (folder / "data").mkdir(parents=True)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in PICTURES.items()}
    (folder / "data" / "a.sha256").write_text("".join(f"{digest}  {name}\n" for name, digest in digests.items()))
    archive = publish(monkeypatch, tmp_path, PICTURES)
    pin = yaml.safe_load((ROOT / "data.dvc").read_text())
    pin["deps"][0]["path"] = f"https://127.0.0.1:{server.server_port}/a.zip"
    pin["meta"] |= {
        "listing": "data/a.sha256",
        "content_digest": content_digest(digests),
        "git_blob": git_blob_id(archive),
    }
    (folder / "data.dvc").write_text(yaml.safe_dump(pin))
    shutil.copy(ROOT / "params.yaml", folder)
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["captcha-ocr", "upstream"])
    return Pinned(folder, server)


def exit_code() -> object:
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_the_same_pictures_are_no_change_in_whatever_zip(
    pinned: Pinned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code() == 0
    assert capsys.readouterr().out == "the public pictures are those of the pin\n"
    publish(monkeypatch, tmp_path, {f"folder/{name}": content for name, content in PICTURES.items()})
    assert exit_code() == 0
    assert "in another zip" in capsys.readouterr().out
    assert not (pinned.folder / "reports").exists()


def test_changed_missing_and_new_pictures_are_named(
    pinned: Pinned, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, tmp_path, {"22.png": png(9), "33.png": PICTURES["33.png"], "@55.png": png(4)})
    assert exit_code() == 4
    report = (pinned.folder / "reports" / "upstream" / "upstream.md").read_text()
    assert report.startswith("# The public pictures are not those of the pin\n")
    for line in ("- changed: `22.png`\n", "- missing: `44.png`\n", "- not in the pin: `@55.png`\n"):
        assert line in report
    publish(monkeypatch, tmp_path, PICTURES)
    assert exit_code() == 0
    assert not (pinned.folder / "reports" / "upstream" / "upstream.md").exists()


@pytest.mark.parametrize("status", [404, 503])
def test_an_address_that_gives_nothing_is_not_taken_for_other_pictures(
    pinned: Pinned,
    status: int,
) -> None:
    pinned.server.faults = [status] * 9
    assert exit_code() == 5
    report = (pinned.folder / "reports" / "upstream" / "upstream.md").read_text()
    assert report.startswith("# The public archive is not where the pin says\n")
    assert f"status {status}" in report


def test_a_page_in_the_archive_s_place_is_not_taken_for_other_pictures(
    pinned: Pinned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(test_download, "CONTENT", b"<html>moved</html>")
    assert exit_code() == 5
    assert (
        "answered with a web page in place of" in (pinned.folder / "reports" / "upstream" / "upstream.md").read_text()
    )


def test_a_listing_that_is_not_the_pin_s_is_named(pinned: Pinned) -> None:
    pin = read_pin(Path("data.dvc"))
    with pytest.raises(CaptchaOcrError, match=r"a\.sha256 has not the digest"):
        pinned_digests(replace(pin, content_digest="0" * 64))


def test_the_shipped_pin_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert len(pinned_digests(read_pin(Path("data.dvc")))) == 1040
