"""Downloads one file over https, with a size limit, retries, and resuming of broken transfers."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from tqdm import tqdm

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text
from captcha_ocr.fetch.remote.addresses import shown

CHUNK = 1 << 16
MEGABYTE = 1_000_000
TEMPORARY_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})  # HTTP errors that a retry may not meet again

NO_HEAD = frozenset({403, 405, 501})  # what servers answer that give a file, but refuse to describe it
Answer = TypeVar("Answer")


class UnreachableError(CaptchaOcrError):
    """The file could not be downloaded."""


class _TemporaryError(Exception):
    """A failure that may not occur again at the next attempt."""


def _note_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0
    print(f"download: attempt {state.attempt_number} failed ({error}); again in {wait:.0f} s", flush=True)


def _check_size(size: int, url: str, max_mb: float) -> None:
    if size > max_mb * MEGABYTE:
        raise CaptchaOcrError(
            f"{shown(url)} is larger than fetch.max_download_mb = {max_mb:g}: raise it in params.yaml if the size is "
            "right"
        )


def _check_status(response: requests.Response, url: str) -> None:
    if not response.url.startswith("https://"):
        raise CaptchaOcrError(
            f"{shown(url)} leads to {shown(response.url)}, which is not https: name another address in data.dvc or "
            "fetch.source"
        )
    if response.status_code in TEMPORARY_STATUS:
        raise _TemporaryError(f"status {response.status_code}")
    if response.status_code not in (200, 206):
        raise UnreachableError(f"{shown(url)} answered with status {response.status_code}")


def _resume_header(part: Path, tag: Path) -> dict[str, str]:
    """Request headers for the rest of the file, on condition that it is still the one that `part` is the beginning of.

    `tag` holds its ETag. Empty if there is nothing to resume.
    """
    if part.exists() and part.stat().st_size and tag.exists():
        return {"Range": f"bytes={part.stat().st_size}-", "If-Range": tag.read_text(encoding="utf-8")}
    return {}


def _resumed_at(response: requests.Response, part: Path) -> int:
    """The number of bytes in `part` that the body of `response` continues after; 0 if it is the whole file."""
    if response.status_code != 206:
        return 0
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    if not match or int(match[1]) != part.stat().st_size:
        part.unlink()
        raise _TemporaryError("the server answered with another range than asked for")
    return int(match[1])


def _receive(url: str, part: Path, tag: Path, timeout: float, max_mb: float) -> None:
    """One attempt to complete `part`. Raises _TemporaryError for a failure that is worth another attempt."""
    try:
        with requests.get(url, headers=_resume_header(part, tag), stream=True, timeout=timeout) as response:
            # Range not satisfiable: the part is as long as the file or longer, so it is not the beginning of it.
            if response.status_code == 416:
                part.unlink(missing_ok=True)
                raise _TemporaryError("the part file did not fit the file at the address")
            _check_status(response, url)
            done = _resumed_at(response, part)
            size = done + int(response.headers.get("Content-Length", 0))
            _check_size(size, url, max_mb)
            if etag := response.headers.get("ETag"):
                write_text(tag, etag)
            bar = tqdm(total=size or None, initial=done, desc="download", unit="B", unit_scale=True, disable=None)
            with part.open("ab" if done else "wb") as sink, bar:
                for chunk in response.iter_content(CHUNK):
                    done += len(chunk)
                    _check_size(done, url, max_mb)
                    sink.write(chunk)
                    bar.update(len(chunk))
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
        raise _TemporaryError(type(error).__name__) from error


def _tried(attempts: int, url: str, function: Callable[..., Answer], *arguments: object) -> Answer:
    """What `function` returns, called again after a _TemporaryError; raises UnreachableError after the last attempt."""
    if not url.startswith("https://"):
        raise CaptchaOcrError(f"{shown(url)} is not https: name an https address in data.dvc or fetch.source")
    retrying = Retrying(
        retry=retry_if_exception_type(_TemporaryError),
        wait=wait_exponential(max=30),
        stop=stop_after_attempt(attempts),
        before_sleep=_note_retry,
        reraise=True,
    )
    try:
        return retrying(function, url, *arguments)
    except _TemporaryError as error:
        raise UnreachableError(f"{shown(url)} could not be reached in {attempts} attempts, the last: {error}") from None


def download(url: str, target: Path, *, attempts: int, timeout_seconds: float, max_mb: float) -> None:
    """Downloads `url` to `target`, which appears only when it is complete.

    A broken transfer resumes from a part file beside `target`, in this call or in a later one. `max_mb` is in megabytes
    (1,000,000 bytes). Raises UnreachableError if the address gives no file in any attempt, and CaptchaOcrError if the
    file is too large or the address is not https.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part, tag = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.etag")
    _tried(attempts, url, _receive, part, tag, timeout_seconds, max_mb)
    part.replace(target)
    tag.unlink(missing_ok=True)


def _ask(url: str, timeout: float) -> tuple[int | None, str]:
    """One attempt to learn size and version; a server that answers no HEAD is asked for the file, which is not read."""
    try:
        response = requests.head(url, timeout=timeout, allow_redirects=True)
        if response.status_code in NO_HEAD:
            response = requests.get(url, timeout=timeout, stream=True)
            response.close()
    except (requests.ConnectionError, requests.Timeout) as error:
        raise _TemporaryError(type(error).__name__) from error
    _check_status(response, url)
    headers = response.headers
    size = headers.get("Content-Length")
    return int(size) if size else None, headers.get("ETag") or headers.get("Last-Modified", "")


def size_and_version(url: str, *, attempts: int, timeout_seconds: float) -> tuple[int | None, str]:
    """The size in bytes of the file at `url` and its ETag, or else the time of its last change; nothing is downloaded.

    The size is None and the version empty where the server does not tell them. Raises as `download` does.
    """
    return _tried(attempts, url, _ask, timeout_seconds)
