"""Lets one process at a time write. The system ends its lock when the process ends, however that may be."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import write_text


def _holder(note: Path) -> str:
    """Who holds the lock, as the holder has noted it."""
    try:
        return note.read_text(encoding="utf-8")
    except OSError:  # it has the lock, and has not written the note yet
        return "another process"


@contextmanager
def sole_writer(lock: Path, work: str, what: str) -> Iterator[None]:
    """Holds the file `lock` for the block; `work` is noted beside it, for the message to another process.

    Raises CaptchaOcrError, naming the process that holds it, if another one does. `what` is what both would write.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    note = lock.with_suffix(".holder")
    try:
        held = FileLock(lock).acquire(blocking=False)
    except Timeout:
        raise CaptchaOcrError(
            f"{_holder(note)} is writing {what}: wait until it has ended, or end it, and run this again"
        ) from None
    with held:
        write_text(note, f"{work} (process {os.getpid()}, since {datetime.now():%Y-%m-%d %H:%M:%S})")
        yield
