"""One file over https: capped, resumed, retried, and under its name only when whole."""

import re
from pathlib import Path

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from tqdm import tqdm

from captcha_ocr.base.errors import CaptchaOcrError

CHUNK = 1 << 16
MEGABYTE = 1_000_000
PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})


class UnreachableError(CaptchaOcrError):
    """The URL gave no file, however often it was tried."""


class _PassingError(Exception):
    """A failure that another attempt may not meet."""


def _note_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait = state.next_action.sleep if state.next_action else 0
    print(f"download: attempt {state.attempt_number} failed ({error}); again in {wait:.0f} s", flush=True)


def _check_size(size: int, url: str, max_mb: float) -> None:
    if size > max_mb * MEGABYTE:
        raise CaptchaOcrError(
            f"{url} is larger than fetch.max_download_mb = {max_mb:g}: raise it in params.yaml if that is right"
        )


def _check_status(response: requests.Response, url: str) -> None:
    if not response.url.startswith("https://"):
        raise CaptchaOcrError(f"{url} leads to {response.url}, which is not https: pin an https address in data.dvc")
    if response.status_code in PASSING_STATUS:
        raise _PassingError(f"status {response.status_code}")
    if response.status_code not in (200, 206):
        raise UnreachableError(f"{url} answered with status {response.status_code}")


def _resume_header(part: Path, tag: Path) -> dict[str, str]:
    """Asks for the rest of `part`, provided that the file behind the URL is still the same one."""
    if part.exists() and part.stat().st_size and tag.exists():
        return {"Range": f"bytes={part.stat().st_size}-", "If-Range": tag.read_text(encoding="utf-8")}
    return {}


def _resumed_at(response: requests.Response, part: Path) -> int:
    """The offset in `part` that the body of `response` continues at."""
    if response.status_code != 206:
        return 0
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    if not match or int(match[1]) != part.stat().st_size:
        part.unlink()
        raise _PassingError("the server answered with another range than asked for")
    return int(match[1])


def _receive(url: str, part: Path, tag: Path, timeout: float, max_mb: float) -> None:
    """One attempt: fetches what `part` still lacks."""
    try:
        with requests.get(url, headers=_resume_header(part, tag), stream=True, timeout=timeout) as response:
            if response.status_code == 416:  # the part is as long as the file, or longer: not to be trusted
                part.unlink(missing_ok=True)
                raise _PassingError("the part file did not fit")
            _check_status(response, url)
            done = _resumed_at(response, part)
            size = done + int(response.headers.get("Content-Length", 0))
            _check_size(size, url, max_mb)
            if etag := response.headers.get("ETag"):
                tag.write_text(etag, encoding="utf-8")
            bar = tqdm(total=size or None, initial=done, desc="download", unit="B", unit_scale=True, disable=None)
            with part.open("ab" if done else "wb") as sink, bar:
                for chunk in response.iter_content(CHUNK):
                    done += len(chunk)
                    _check_size(done, url, max_mb)
                    sink.write(chunk)
                    bar.update(len(chunk))
    except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError) as error:
        raise _PassingError(type(error).__name__) from error


def download(url: str, target: Path, *, attempts: int, timeout_seconds: float, max_mb: float) -> None:
    """The file at `url` to `target`.

    A broken transfer resumes from its part file beside `target`, in this call or in a later one.
    Raises UnreachableError where no attempt got through, CaptchaOcrError where the file is not acceptable.
    """
    if not url.startswith("https://"):
        raise CaptchaOcrError(f"{url} is not https: pin an https address in data.dvc")
    target.parent.mkdir(parents=True, exist_ok=True)
    part, tag = target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.part.etag")
    retrying = Retrying(
        retry=retry_if_exception_type(_PassingError),
        wait=wait_exponential(max=30),
        stop=stop_after_attempt(attempts),
        before_sleep=_note_retry,
        reraise=True,
    )
    try:
        retrying(_receive, url, part, tag, timeout_seconds, max_mb)
    except _PassingError as error:
        raise UnreachableError(f"{url} could not be reached in {attempts} attempts, the last: {error}") from None
    part.replace(target)
    tag.unlink(missing_ok=True)
