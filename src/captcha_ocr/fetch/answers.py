"""What an https server may answer: its redirects, its headers, and the beginning of the file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urljoin

import requests
import urllib3

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.remote.addresses import shown

TEMPORARY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})  # HTTP errors that a retry may not meet again
MAX_REDIRECTS = 10
# Bytes as they are, not packed for the way, or a megabyte may become gigabytes.
HEADERS = {"Accept-Encoding": "identity"}
WEB_PAGE = re.compile(rb"\s*(<!--|<!doctype html|<html|<head|<script|<\?xml[^>]*>\s*<!doctype html)", re.IGNORECASE)


class UnreachableError(CaptchaOcrError):
    """The file could not be downloaded."""


class TemporaryError(Exception):
    """A failure that may not occur again at the next attempt."""


class HttpsOnly(requests.Session):
    """Follows redirects to https alone, since the answer to any other is anybody's on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = MAX_REDIRECTS
        self.headers.update(HEADERS)

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        target = super().get_redirect_target(resp)
        if target is not None:
            check_https(resp.url, urljoin(resp.url, target))
        return target


def check_https(url: str, target: str) -> None:
    """Raises CaptchaOcrError unless `target`, which `url` leads to, is an https address."""
    if not target.lower().startswith("https://"):
        raise CaptchaOcrError(
            f"{shown(url)} leads to {shown(target)}, which is not https: name another address in data.dvc or "
            "fetch.source"
        )


@contextmanager
def failures_of(url: str) -> Iterator[None]:
    """Raises TemporaryError for failures that may pass, and UnreachableError for whatever else a server does."""
    try:
        yield
    except (
        requests.ConnectionError,
        requests.Timeout,
        requests.exceptions.ChunkedEncodingError,
        urllib3.exceptions.HTTPError,
        HTTPException,
    ) as error:
        raise TemporaryError(type(error).__name__) from error
    # ValueError: an address or a header that cannot be read, as the target of a redirect.
    except (requests.RequestException, ValueError) as error:
        raise UnreachableError(f"{shown(url)} gives no answer that can be used ({type(error).__name__})") from None


def check_status(response: requests.Response, url: str) -> None:
    """Raises TemporaryError or UnreachableError for a status that comes without the file."""
    if response.status_code in TEMPORARY_STATUS:
        raise TemporaryError(f"status {response.status_code}")
    if response.status_code not in (200, 206):
        raise UnreachableError(f"{shown(url)} answered with status {response.status_code}")


def length_of(response: requests.Response) -> int | None:
    """The bytes of the answer as it announces them; None where it does not, or in no way that can be read."""
    value = response.headers.get("Content-Length", "")
    return int(value) if re.fullmatch(r"[0-9]{1,18}", value) else None


def tag_of(response: requests.Response) -> str:
    """The ETag; empty if there is none that can be sent back."""
    value = response.headers.get("ETag", "")
    return value if re.fullmatch(r"[!-~]{1,256}", value) else ""


def range_start(response: requests.Response) -> int | None:
    """Where the part of a file begins that a 206 answer holds; None where it does not say."""
    match = re.match(r"bytes ([0-9]{1,18})-", response.headers.get("Content-Range", ""))
    return int(match[1]) if match else None


def check_content(file: Path, url: str, beginning: bytes) -> None:
    """Raises UnreachableError for a download that is empty, a web page, or does not begin with `beginning`."""
    with file.open("rb") as opened:
        head = opened.read(1024)
    wrong = "an empty answer" if not head else "a web page" if WEB_PAGE.match(head) else ""
    if not wrong and not head.startswith(beginning):
        wrong = f"something that begins with {head[:20]!r}"
    if wrong:
        raise UnreachableError(f"{shown(url)} answered with {wrong} in place of the file")
