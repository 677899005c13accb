"""Downloads one file over https, with limits on size and time, retries, and resuming of broken transfers."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import requests
from filelock import FileLock, Timeout
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from tqdm import tqdm

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text
from captcha_ocr.fetch.answers import (
    HttpsOnly,
    TemporaryError,
    UnreachableError,
    check_content,
    check_status,
    failures_of,
    length_of,
    range_start,
    tag_of,
)
from captcha_ocr.fetch.deadline import within
from captcha_ocr.fetch.remote.addresses import shown
from captcha_ocr.params.params import FetchParams

CHUNK = 1 << 16
MEGABYTE = 1_000_000
NO_HEAD = frozenset({403, 405, 501})  # what servers answer that give a file, but refuse to describe it
Answer = TypeVar("Answer")


def _note_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0
    print(f"download: attempt {state.attempt_number} failed ({error}); again in {wait:.0f} s", flush=True)


@dataclass(frozen=True)
class _Transfer:
    """A file that is being downloaded.

    part: what has arrived. tag: a file with the ETag of the version that it is the beginning of. end: when its time is
    over, by time.monotonic.
    """

    url: str
    part: Path
    tag: Path
    params: FetchParams
    end: float

    def check_size(self, size: int) -> None:
        if size > self.params.max_download_mb * MEGABYTE:
            raise CaptchaOcrError(
                f"{shown(self.url)} is larger than fetch.max_download_mb = {self.params.max_download_mb:g}: raise it "
                "in params.yaml if the size is right"
            )

    def drop(self) -> None:
        """Begins anew at the next attempt."""
        self.part.unlink(missing_ok=True)
        self.tag.unlink(missing_ok=True)

    def headers(self) -> dict[str, str]:
        """Request headers for the rest of the file, if it is still the one that `part` is the beginning of."""
        if self.part.exists() and self.part.stat().st_size and self.tag.exists():
            tag = self.tag.read_text(encoding="utf-8", errors="replace")
            return {"Range": f"bytes={self.part.stat().st_size}-", "If-Range": tag} if tag else {}
        return {}

    def _start(self, response: requests.Response, asked: bool) -> int:
        """The number of bytes in `part` that the body of `response` continues after; 0 if it is the whole file."""
        if response.status_code != 206:
            return 0
        start = range_start(response)
        if not asked or start is None or start != self.part.stat().st_size:
            self.drop()
            raise TemporaryError("the server answered with another range than asked for")
        return start

    def receive(self) -> None:
        """One attempt to complete `part`. Raises TemporaryError for a failure that is worth another attempt."""
        headers = self.headers()
        timeout = self.params.timeout_seconds
        with (
            failures_of(self.url),
            HttpsOnly() as session,
            session.get(self.url, headers=headers, stream=True, timeout=timeout) as response,
        ):
            # Range not satisfiable: the part is as long as the file or longer, so it is not the beginning of it.
            if response.status_code == 416:
                self.drop()
                raise TemporaryError("the part file did not fit the file at the address")
            check_status(response, self.url)
            done, length = self._start(response, bool(headers)), length_of(response)
            self.check_size(done + (length or 0))
            write_text(self.tag, tag_of(response))
            self._store(response, done, None if length is None else done + length)

    def _store(self, response: requests.Response, done: int, size: int | None) -> None:
        """Writes the body behind the first `done` bytes of `part`; raises TemporaryError if it has not `size` bytes."""
        bar = tqdm(total=size, initial=done, desc="download", unit="B", unit_scale=True, disable=None)
        with self.part.open("ab" if done else "wb") as sink, bar:
            while chunk := response.raw.read1(CHUNK, decode_content=False):
                done += len(chunk)
                self.check_size(done)
                if time.monotonic() > self.end:
                    raise TimeoutError  # nobody waits any more, and another may be at the part
                sink.write(chunk)
                bar.update(len(chunk))
        if size is not None and done != size:
            raise TemporaryError(f"{done} bytes arrived of {size}")


def _tried(url: str, params: FetchParams, function: Callable[[], Answer]) -> Answer:
    """What `function` returns, called again after a TemporaryError.

    Raises UnreachableError after the last attempt, and when all attempts together take too long.
    """
    if not url.startswith("https://"):
        raise CaptchaOcrError(f"{shown(url)} is not https: name an https address in data.dvc or fetch.source")
    retrying = Retrying(
        retry=retry_if_exception_type(TemporaryError),
        wait=wait_exponential(max=30),
        stop=stop_after_attempt(params.attempts),
        before_sleep=_note_retry,
        reraise=True,
    )
    try:
        return within(params.max_download_seconds, partial(retrying, function))
    except TemporaryError as error:
        raise UnreachableError(
            f"{shown(url)} could not be reached in {params.attempts} attempts, the last: {error}"
        ) from None
    except TimeoutError:
        raise UnreachableError(
            f"{shown(url)} has not given the file in fetch.max_download_seconds = {params.max_download_seconds:g}"
        ) from None


@contextmanager
def _alone(target: Path, url: str, params: FetchParams) -> Iterator[bool]:
    """Waits while another process downloads `target`, and yields whether it has done so."""
    before = target.stat() if target.exists() else None
    lock = target.with_name(f"{target.name}.part.lock")
    try:
        with FileLock(lock, timeout=params.max_download_seconds):
            now = target.stat() if target.exists() else None
            yield now is not None and now != before
            lock.unlink(missing_ok=True)  # those who wait for it find the file complete
    except Timeout:
        raise UnreachableError(f"{shown(url)} is being downloaded by another process: wait, or end that one") from None


def download(url: str, target: Path, params: FetchParams, beginning: bytes = b"") -> None:
    """Downloads `url` to `target`, which appears only when it is complete.

    A broken transfer resumes from a part file beside `target`, in this call or in a later one. Raises UnreachableError
    if the address gives no file in any attempt or in time, if it gives a web page, nothing, or what does not begin with
    `beginning`, and CaptchaOcrError if the file is too large, cannot be written, or an address is not https.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _alone(target, url, params) as is_there:
            if not is_there:
                _complete(url, target, params, beginning)
    except OSError as error:
        raise CaptchaOcrError(f"{target} cannot be written ({error.strerror}): make room, or give permission") from None


def _complete(url: str, target: Path, params: FetchParams, beginning: bytes) -> None:
    part, tag = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.etag")
    transfer = _Transfer(url, part, tag, params, time.monotonic() + params.max_download_seconds)
    _tried(url, params, transfer.receive)
    try:
        check_content(part, url, beginning)
    except UnreachableError:
        transfer.drop()
        raise
    part.replace(target)
    tag.unlink(missing_ok=True)


def _ask(url: str, timeout: float) -> tuple[int | None, str]:
    """One attempt to learn size and version; a server that answers no HEAD is asked for the file, which is not read."""
    with failures_of(url), HttpsOnly() as session:
        response = session.head(url, timeout=timeout, allow_redirects=True)
        if response.status_code in NO_HEAD:
            response = session.get(url, timeout=timeout, stream=True)
            response.close()
        check_status(response, url)
        return length_of(response), response.headers.get("ETag") or response.headers.get("Last-Modified", "")


def size_and_version(url: str, params: FetchParams) -> tuple[int | None, str]:
    """The size in bytes of the file at `url` and its ETag, or else the time of its last change; nothing is downloaded.

    The size is None and the version empty where the server does not tell them. Raises as `download` does.
    """
    return _tried(url, params, partial(_ask, url, params.timeout_seconds))
