"""Words for errors of the disk and of permissions, which may occur in any library that writes."""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from captcha_ocr.base.errors import CaptchaOcrError

FREE_SPACE = "free space on the disk, or raise the quota"
PERMIT = "permit this user to write there, or work in another folder"
REMEDIES = {
    errno.ENOSPC: FREE_SPACE,
    errno.EDQUOT: FREE_SPACE,
    errno.EFBIG: "raise the limit on the size of a file (`ulimit -f`)",
    errno.EROFS: PERMIT,
    errno.EACCES: PERMIT,
    errno.EPERM: PERMIT,
    errno.EEXIST: "something else lies there: move it away",
    errno.ENOTDIR: "a file lies where a folder is needed: move it away",
    errno.EISDIR: "a folder lies where a file is needed: move it away",
    errno.EIO: "the disk has failed: check it, and what it holds",
    errno.EMFILE: "raise the limit on open files (`ulimit -n`)",
    errno.ENAMETOOLONG: "shorten the name",
}
# Libraries in C pass on the number in their text alone, such as HDF5's "errno = 28".
NUMBER = re.compile(r"\b[Ee]rrno(?: =)? (\d+)\b")
DAMAGED = "it is damaged: move it away, and the next run makes a new one; or restore a backup of it"
SQLITE_REMEDIES = {
    sqlite3.SQLITE_BUSY: "another process writes to it: wait until that has ended",
    sqlite3.SQLITE_FULL: FREE_SPACE,
    sqlite3.SQLITE_READONLY: PERMIT,
    sqlite3.SQLITE_CANTOPEN: PERMIT,
    sqlite3.SQLITE_IOERR: "free space on the disk, and check it",
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}


def sqlite_remedy(error: sqlite3.Error) -> str | None:
    """What to do if a lock, the disk, its permissions or damage led to `error`; None for other errors."""
    return SQLITE_REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)  # the low byte is the kind


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _explained(error: BaseException) -> str | None:
    if isinstance(error, sqlite3.Error):
        remedy = sqlite_remedy(error)
        return remedy and f"SQLite: {error}: {remedy}"
    number = error.errno if isinstance(error, OSError) else None
    if number is None and (found := NUMBER.search(str(error))):
        number = int(found[1])
    if number not in REMEDIES:
        return None
    name = getattr(error, "filename", None)
    return f"{f'{name}: ' if name else ''}{os.strerror(number)}: {REMEDIES[number]}"


def system_error(error: BaseException) -> str | None:
    """File, reason and remedy if the disk or its permissions led to `error`; None for other errors."""
    return next(filter(None, map(_explained, _chain(error))), None)


@contextmanager
def clear_system_errors() -> Iterator[None]:
    """Raises CaptchaOcrError, with file, reason and remedy, in place of errors of the disk and of permissions."""
    try:
        yield
    except CaptchaOcrError:
        raise
    except Exception as error:  # each library that writes has exceptions of its own for a full disk
        if words := system_error(error):
            raise CaptchaOcrError(words) from error
        raise
