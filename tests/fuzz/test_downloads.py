"""What a server may answer: in the end the file is there, whole, or the download is refused and nothing is left."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tenacity import wait_none
from urllib3.connection import HTTPSConnection

from captcha_ocr.fetch import download as downloading
from captcha_ocr.fetch.download import download, size_and_version
from tests.fuzz.cases import Trouble, fuzzed, one, upto
from tests.fuzz.child import Bounds
from tests.fuzz.judge import Judge
from tests.fuzz.packed import shipped

BOUNDS = Bounds(seconds=5, megabytes=300)
FILE = b"PK\3\4" + bytes(range(256)) * 40
LIMITS = {"timeout_seconds": 1.0, "attempts": 3, "max_download_mb": 0.05, "max_download_seconds": 20.0}
Answers = tuple[bytes, ...]


class _Scripted(HTTPSConnection):
    """A connection to a server that says the next of `answers` and hangs up, whatever it is asked."""

    answers: Iterator[bytes] = iter(())

    def connect(self) -> None:
        self.sock, server = socket.socketpair()
        server.sendall(next(self.answers, b""))
        server.shutdown(socket.SHUT_WR)
        self.is_verified = True
        self._server = server


def answer(case: tuple[Answers, bool], folder: Path) -> None:
    """As `fetch` and `locate` ask for a file."""
    answers, only_ask = case
    params = shipped().fetch.model_copy(update=LIMITS)
    _Scripted.answers = iter(answers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPSConnection, "connect", _Scripted.connect)
        patch.setattr(HTTPSConnection, "answers", _Scripted.answers, raising=False)
        patch.setattr(downloading, "wait_exponential", lambda max: wait_none())
        if only_ask:
            size, version = size_and_version("https://example.org/a.zip", params)
            assert size is None or size >= 0
            assert isinstance(version, str)
            return
        target = folder / "a.zip"
        download("https://example.org/a.zip", target, params, b"PK")
    assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert 0 < target.stat().st_size <= LIMITS["max_download_mb"] * 1_000_000


STATUSES = one(
    *(
        "HTTP/1.1 206 Partial",
        "HTTP/1.1 302 Found",
        "HTTP/1.1 301",
        "HTTP/1.1 403 No",
        "HTTP/1.1 404 No",
        "HTTP/1.1 416 No",
    ),
    *(
        "HTTP/1.1 503 Later",
        "HTTP/1.0 200 OK",
        "HTTP/9.9 200 OK",
        "HTTP/1.1 999999 OK",
        "HTTP/1.1 -1 OK",
        "HTTP/1.1 204 -",
    ),
    *("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", "HTTP/1.1", "SSH-2.0", "", "\x00", "HTTP/1.1 304 -"),
)
HEADERS = st.tuples(
    one(
        "Content-Length",
        "Content-Range",
        "ETag",
        "Location",
        "Transfer-Encoding",
        "Content-Encoding",
        "Set-Cookie",
        "X",
        "",
    ),
    st.one_of(
        one(
            "0",
            "-1",
            "10",
            "1e3",
            "٣",
            "9" * 30,
            "bytes 0-9/10",
            "bytes 10-/*",
            "bytes 9-1",
            "chunked",
            "gzip",
            "br",
            "deflate",
        ),
        one(
            "https://example.org/b",
            "http://example.org/",
            "https://[1::",
            "https://x:99999999/",
            "//",
            "/a b",
            "file:///etc/passwd",
        ),
        one(
            '"a"',
            'W/"é"',
            "a\x00b",
            "x" * 70_000,
            "a=b; Domain=.org",
            "ftp://x",
            "https://" + "a" * 300 + "/",
            "https://\xff.org",
        ),
        st.text(max_size=8),
    ),
).map(": ".join)
LINES = st.lists(HEADERS, min_size=1, max_size=4)
BODIES = one(
    b"",
    FILE[:100],
    b"<!DOCTYPE html>",
    b"\n\n <HTML>",
    b"5\r\nPK\3\4a\r\n0\r\n\r\n",
    b"xyz\r\n",
    b"\x1f\x8b\x08\0bad",
    bytes(100_000),
)


def _answer(draw: st.DrawFn) -> bytes:
    trouble = Trouble(draw, "status", "headers", "body", "bytes")
    body: Any = trouble.rare("body", 2, BODIES, FILE)
    lines = [f"Content-Length: {len(body)}", 'ETag: "one"'] if draw(upto(2)) else []
    lines += trouble.rare("headers", 1, LINES, [])
    head = "\r\n".join([trouble.rare("status", 1, STATUSES, "HTTP/1.1 200 OK"), *lines])
    return trouble.broken("bytes", head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body, [b"\r\n", b": "])[
        :150_000
    ]


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Answers, bool]:
    """What the server says at each attempt, and whether only size and version are asked for."""
    return tuple(_answer(draw) for _ in range(1 + draw(upto(3)))), draw(upto(3)) == 0


@fuzzed
@given(conversations())
def test_a_download_is_whole_or_refused(judged: Judge, conversation: tuple[Answers, bool]) -> None:
    judged.answer(conversation)
