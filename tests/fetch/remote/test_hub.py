"""Sources at hf:// addresses.

The hub itself cannot be reached from where the tests run. A server in this process answers the requests that the real
library huggingface_hub makes of it, in the form in which the hub does.
"""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.locate import locate
from captcha_ocr.fetch.packing import pack
from captcha_ocr.fetch.remote.copies import bring
from tests.fetch.remote.sources import at, brought, kept
from tests.fetch.sources import SHIPPED, png

ADDRESS = "hf://datasets/someone/captchas"
REPOSITORY = "/datasets/someone/captchas"
FILES = {"README.md": b"# ours", "data/train/22.png": png(1), "data/test/33.png": png(2)}


class Hub(BaseHTTPRequestHandler):
    """Answers for one data set, whose files are those of the server's `files`, and says 503 if `down`."""

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Content-Type": "application/json", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        files: dict[str, bytes] = self.server.files
        _, _, below = path.partition("/main")
        below = below.strip("/")
        self.server.tokens.add(self.headers.get("Authorization"))
        if self.server.down:
            self.answer(503, b"{}")
        elif path in (f"/api{REPOSITORY}", f"/api{REPOSITORY}/revision/main"):
            self.answer(200, json.dumps({"id": "someone/captchas", "sha": "a" * 40}).encode())
        elif path.startswith(f"/api{REPOSITORY}/tree/main") and (tree := self.tree(below)):
            self.answer(200, json.dumps(tree).encode())
        elif path.startswith(f"{REPOSITORY}/resolve/main/") and below in files:
            self.answer(200, files[below])
        else:
            self.answer(404, b"{}", X_Error_Code="EntryNotFound" if REPOSITORY in path else "RepoNotFound")

    do_HEAD = do_GET  # noqa: N815  # the name that http.server looks for

    def tree(self, folder: str) -> list[dict[str, object]]:
        """What lies in a folder: all levels of it where the request says `recursive=true`."""
        above = f"{folder}/" if folder else ""
        names = [name for name in self.server.files if name.startswith(above)]
        folders = {parent.as_posix() for name in names for parent in Path(name).parents} - {".", folder}
        found = [{"type": "directory", "path": name, "oid": "c" * 40} for name in sorted(folders) if name > above]
        for name in names:
            content = self.server.files[name]
            found.append({"type": "file", "path": name, "size": len(content), "oid": hashlib.sha1(content).hexdigest()})
        deep = "recursive=true" in self.path
        return [entry for entry in found if deep or "/" not in str(entry["path"]).removeprefix(above)]

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.files, server.down, server.tokens = dict(FILES), False, set()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_TOKEN", "hf_hunter2")
    # The library makes these of HF_ENDPOINT, once for each process.
    address = f"http://127.0.0.1:{server.server_port}"
    files = address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", files)
    yield server
    server.shutdown()


def test_a_data_set_is_copied_once_until_it_changes(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    before = locate(at(ADDRESS), Path("a.zip"))
    assert brought(ADDRESS) == FILES
    assert locate(at(ADDRESS), Path("a.zip")) == before
    hub.files["data/test/33.png"] = png(3)
    assert locate(at(ADDRESS), Path("a.zip")) != before
    assert brought(ADDRESS) == FILES | {"data/test/33.png": png(3)}
    assert kept(tmp_path) == ["copy"]


@pytest.mark.parametrize(
    ("below", "names"),
    [
        ("/data", {"train/22.png", "test/33.png"}),
        ("@main/data", {"train/22.png", "test/33.png"}),
        ("/README.md", {"README.md"}),
    ],
)
def test_a_folder_a_revision_or_a_file_of_it(hub: ThreadingHTTPServer, below: str, names: set[str]) -> None:
    assert brought(ADDRESS + below).keys() == names


def test_it_is_packed_with_the_splits_of_its_folders(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    params = at(f"{ADDRESS}/data")
    packed = pack(bring(params.source, params), tmp_path / "pictures", params, SHIPPED.text)
    assert sorted(packed.digests) == ["test/33.png", "train/22.png"]


def test_the_token_comes_from_the_environment(hub: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str]) -> None:
    brought(ADDRESS)
    assert hub.tokens == {"Bearer hf_hunter2"}
    assert "hunter2" not in capsys.readouterr().out


def test_a_copy_is_used_when_the_hub_is_down_and_that_is_said(
    hub: ThreadingHTTPServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(ADDRESS)
    monkeypatch.setattr("huggingface_hub.utils._http.time.sleep", lambda seconds: None)
    hub.down = True
    assert brought(ADDRESS) == FILES
    assert f"{ADDRESS} could not be reached" in capsys.readouterr().out


def test_what_is_not_there_is_named(hub: ThreadingHTTPServer) -> None:
    with pytest.raises(UnreachableError, match=f"{ADDRESS}/none could not be reached"):
        brought(f"{ADDRESS}/none")
