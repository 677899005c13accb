"""Whatever a server answers ends in the file or in UnreachableError, which `fetch.when_unreachable` decides about."""

import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.download import download, size_and_version
from captcha_ocr.params.params import FetchParams
from tests.fetch.sources import SHIPPED

Script = Callable[[ssl.SSLSocket], None]
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


class Server:
    """Reads a request, and then does what `script` says with the connection."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.context, self.script, self.asked = context, says(OK + b"\r\n"), 0
        self.url = f"https://127.0.0.1:{self.listener.getsockname()[1]}/a.zip"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        try:
            with self.context.wrap_socket(connection, server_side=True) as tls:
                tls.recv(65536)
                self.asked += 1
                self.script(tls)
        except OSError:
            pass  # the client has hung up


def says(content: bytes) -> Script:
    return lambda tls: tls.sendall(content)


def drips(beginning: bytes) -> Script:
    """Goes on for ever, a byte at a time, each before the timeout."""

    def script(tls: ssl.SSLSocket) -> None:
        tls.sendall(beginning)
        while True:
            tls.sendall(b"a")
            time.sleep(0.02)

    return script


def floods(tls: ssl.SSLSocket) -> None:
    tls.sendall(OK + b"\r\n")
    while True:
        tls.sendall(bytes(1 << 16))


@pytest.fixture
def server(certified: tuple[ssl.SSLContext, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    context, bundle = certified
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = Server(context)
    yield server
    server.listener.close()


def limits(**changes: object) -> FetchParams:
    return SHIPPED.fetch.model_copy(update={"timeout_seconds": 2, "attempts": 1, "max_download_mb": 1.0} | changes)


def redirect(to: bytes) -> bytes:
    return b"HTTP/1.1 302 Found\r\nLocation: " + to + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


ANSWERS = {
    "nothing at all": b"",
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n",
    "a status that is no number": b"HTTP/1.1 abc OK\r\n\r\n",
    "a header of megabytes": OK + b"X: " + b"a" * 200_000 + b"\r\n\r\n",
    "thousands of headers": OK + b"".join(b"X%d: 1\r\n" % n for n in range(2000)) + b"\r\n",
    "an empty answer": OK + b"Content-Length: 0\r\n\r\n",
    "fewer bytes than announced": OK + b"Content-Length: 100\r\n\r\nabc",
    "chunks of no size": OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n",
    "a chunk that is cut off": OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nabc",
    "a web page": OK + b"\r\n<!DOCTYPE html><html>Sign in</html>",
    "a web page in capitals behind empty lines": OK + b"\r\n\n\n  <HTML>",
    "another range than asked for": b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 5-9/10\r\n\r\nabcde",
    "a range that is none": b"HTTP/1.1 206 Partial\r\nContent-Range: bytes x\r\n\r\nabcde",
    "a redirect to an address that is none": redirect(b"https://[1::"),
    "a redirect to a port that is none": redirect(b"https://127.0.0.1:99999999/"),
    "a redirect in bytes that are no text": redirect(b"https://\xff\xfe/\xff"),
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_file_is_unreachable_and_is_not_kept(server: Server, tmp_path: Path, answer: bytes) -> None:
    server.script = says(answer)
    with pytest.raises(UnreachableError, match=r"https://127\.0\.0\.1"):
        download(server.url, tmp_path / "a.zip", limits())
    assert not (tmp_path / "a.zip").exists()
    try:
        size_and_version(server.url, limits())
    except UnreachableError as error:
        assert "127.0.0.1" in str(error)  # noqa: PT017  # a file that is empty has a size


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: -5\r\n\r\nPK12",
        OK + b"Content-Length: \xb2\r\nETag: \xff\x01\r\n\r\nPK12",
        OK + b"\r\nPK12",
    ],
)
def test_a_file_whose_headers_say_nothing_of_use_arrives(server: Server, tmp_path: Path, answer: bytes) -> None:
    server.script = says(answer)
    assert size_and_version(server.url, limits())[0] is None
    download(server.url, tmp_path / "a.zip", limits(), b"PK")
    assert (tmp_path / "a.zip").read_bytes() == b"PK12"


@pytest.mark.parametrize("to", [b"http://127.0.0.1/a.zip", b"file:///etc/passwd", b"ftp://127.0.0.1/a", b"//[::1]:x/"])
def test_a_redirect_away_from_https_is_not_followed(server: Server, tmp_path: Path, to: bytes) -> None:
    server.script = says(redirect(to))
    with pytest.raises(CaptchaOcrError, match=r"which is not https|no answer that can be used|is no address"):
        download(server.url, tmp_path / "a.zip", limits(attempts=3))
    assert server.asked == 1


def test_a_circle_of_redirects_ends(server: Server, tmp_path: Path) -> None:
    server.script = says(redirect(b"/a.zip"))
    with pytest.raises(UnreachableError, match="TooManyRedirects"):
        download(server.url, tmp_path / "a.zip", limits())
    assert server.asked == 11


def test_a_body_that_is_packed_for_the_way_is_not_unpacked(server: Server, tmp_path: Path) -> None:
    packed = gzip.compress(bytes(10_000_000))
    server.script = says(OK + b"Content-Encoding: gzip\r\n\r\n" + packed)
    download(server.url, tmp_path / "a.tar.gz", limits())
    assert (tmp_path / "a.tar.gz").read_bytes() == packed


def test_a_body_without_an_end_stops_at_the_size_limit(server: Server, tmp_path: Path) -> None:
    server.script = floods
    with pytest.raises(CaptchaOcrError, match=r"larger than fetch\.max_download_mb = 1"):
        download(server.url, tmp_path / "a.zip", limits())
    assert (tmp_path / "a.zip.part").stat().st_size < 1_100_000


@pytest.mark.parametrize("beginning", [b"", OK, OK + b"\r\nPK"], ids=["status", "header", "body"])
def test_a_server_that_never_ends_is_given_up_in_time(server: Server, tmp_path: Path, beginning: bytes) -> None:
    server.script = drips(beginning)
    start = time.monotonic()
    with pytest.raises(UnreachableError, match=r"has not given the file in fetch\.max_download_seconds = 0\.3"):
        download(server.url, tmp_path / "a.zip", limits(max_download_seconds=0.3, attempts=5))
    assert time.monotonic() - start < 2


def test_two_downloads_at_once_give_one_whole_file(server: Server, tmp_path: Path) -> None:
    content = bytes(range(256)) * 2000

    def slowly(tls: ssl.SSLSocket) -> None:
        tls.sendall(OK + b"Content-Length: %d\r\n\r\n" % len(content))
        for start in range(0, len(content), 1 << 17):
            tls.sendall(content[start : start + (1 << 17)])
            time.sleep(0.05)

    server.script = slowly
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: download(server.url, tmp_path / "a.zip", limits()), range(4)))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert (tmp_path / "a.zip").read_bytes() == content
    assert server.asked == 1
