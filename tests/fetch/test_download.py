"""Downloads from a real https server in this process, which fails as real ones do."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.download import download, size_and_version
from captcha_ocr.params.params import FetchParams
from tests.fetch.sources import SHIPPED

CONTENT = bytes(range(256)) * 4000  # a megabyte


class Handler(BaseHTTPRequestHandler):
    """Serves CONTENT with ranges; `faults` says how the next requests go wrong."""

    def do_GET(self) -> None:
        self.server.seen.append(self.headers.get("Range"))
        fault = self.server.faults.pop(0) if self.server.faults else None
        if isinstance(fault, int):
            self.send_response(fault)
            self.end_headers()
            return
        if isinstance(fault, str) and fault.startswith("http"):
            self.send_response(302)
            self.send_header("Location", fault)
            self.end_headers()
            return
        etag = self.server.etag
        start = 0
        if self.headers.get("Range") and self.headers.get("If-Range") == etag:
            start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}")
        self.send_header("Content-Length", str(len(CONTENT) - start))
        self.send_header("ETag", etag)
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(CONTENT[start : start + 300_000] if fault == "break" else CONTENT[start:])
        if fault == "break":
            self.wfile.flush()
            self.connection.close()

    do_HEAD = do_GET  # noqa: N815  # the name that http.server looks for

    def log_message(self, *args: object) -> None:
        """Quiet."""


@pytest.fixture
def server(certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    context, bundle = certified
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("captcha_ocr.fetch.download.wait_exponential", lambda max: lambda state: 0)  # no waiting here
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.seen, server.faults, server.etag = [], [], '"one"'
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()


def limits(**changes: object) -> FetchParams:
    return SHIPPED.fetch.model_copy(update={"timeout_seconds": 5, "attempts": 1} | changes)


def get(server: ThreadingHTTPServer, target: Path, attempts: int = 3, max_mb: float = 10) -> None:
    url = f"https://127.0.0.1:{server.server_port}/a.zip"
    download(url, target, limits(attempts=attempts, max_download_mb=max_mb))


def test_a_file_arrives_whole_and_leaves_no_part(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    get(server, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == CONTENT
    assert [p.name for p in tmp_path.iterdir()] == ["a.zip"]


def test_a_broken_transfer_resumes_where_it_broke(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.faults = ["break"]
    get(server, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == CONTENT
    first, second = server.seen
    assert first is None
    assert second is not None
    assert second.startswith("bytes=")


def test_a_later_call_resumes_the_part_of_an_earlier_one(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.faults = ["break"]
    with pytest.raises(UnreachableError):
        get(server, tmp_path / "a.zip", attempts=1)
    assert not (tmp_path / "a.zip").exists()
    get(server, tmp_path / "a.zip", attempts=1)
    assert (tmp_path / "a.zip").read_bytes() == CONTENT
    assert server.seen[1].startswith("bytes=")


def test_a_part_of_another_version_is_not_continued(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.faults = ["break"]
    with pytest.raises(UnreachableError):
        get(server, tmp_path / "a.zip", attempts=1)
    server.etag = '"two"'
    get(server, tmp_path / "a.zip", attempts=1)
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_passing_failure_is_tried_again(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.faults = [503, 429]
    get(server, tmp_path / "a.zip")
    assert (tmp_path / "a.zip").read_bytes() == CONTENT


def test_a_lasting_failure_is_not_tried_again(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.faults = [404]
    with pytest.raises(UnreachableError, match="answered with status 404"):
        get(server, tmp_path / "a.zip")
    assert len(server.seen) == 1


def test_attempts_end(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    server.faults = [500] * 9
    with pytest.raises(UnreachableError, match="in 3 attempts, the last: status 500"):
        get(server, tmp_path / "a.zip")


def test_a_file_over_the_cap_is_refused(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match=r"larger than fetch\.max_download_mb = 0\.5"):
        get(server, tmp_path / "a.zip", max_mb=0.5)
    assert not (tmp_path / "a.zip").exists()


def test_http_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(CaptchaOcrError, match="is not https"):
        download("http://127.0.0.1:9/a.zip", tmp_path / "a.zip", limits())


def test_nobody_listening_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(UnreachableError, match="could not be reached in 1 attempts"):
        download("https://127.0.0.1:9/a.zip", tmp_path / "a.zip", limits())


def described(server: ThreadingHTTPServer) -> tuple[int | None, str]:
    url = f"https://127.0.0.1:{server.server_port}/a.zip?signature=secret"
    return size_and_version(url, limits(attempts=2))


def test_size_and_version_are_told_without_a_download(server: ThreadingHTTPServer) -> None:
    assert described(server) == (len(CONTENT), '"one"')


def test_a_server_that_refuses_to_describe_a_file_is_asked_for_it(server: ThreadingHTTPServer) -> None:
    server.faults = [405]
    assert described(server) == (len(CONTENT), '"one"')


def test_a_description_is_tried_for_again_and_the_message_holds_no_query(server: ThreadingHTTPServer) -> None:
    server.faults = [503]
    assert described(server) == (len(CONTENT), '"one"')
    server.faults = [503, 503]
    with pytest.raises(UnreachableError, match=r"/a\.zip\?… could not be reached in 2 attempts") as error:
        described(server)
    assert "secret" not in str(error.value)
