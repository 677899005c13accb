import errno
import resource
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from captcha_ocr.base.system_errors import system_error


def chained(cause: Exception) -> Exception:
    """An error of a library that another one has led to."""
    try:
        raise RuntimeError("cannot save") from cause
    except RuntimeError as error:
        return error


def sqlite_error() -> sqlite3.Error:
    """What SQLite raises for a file that is not to be made."""
    try:
        sqlite3.connect("file:/nowhere/a.db?mode=rw", uri=True).execute("SELECT 1")
    except sqlite3.Error as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "x", "a.csv"), "a.csv: No space left on device: free space"),
        (PermissionError(errno.EACCES, "x", "a.csv"), "a.csv: Permission denied: permit this user"),
        (OSError(errno.EROFS, "x", "a.csv"), "a.csv: Read-only file system: permit this user"),
        (chained(OSError(errno.ENOSPC, "x", "a.csv")), "a.csv: No space left on device: free space"),
        (RuntimeError("Can't write data (file write failed: errno = 28, …)"), "No space left on device: free space"),
        (sqlite_error(), "SQLite: unable to open database file: permit this user"),
    ],
)
def test_an_error_of_the_disk_has_file_reason_and_remedy(error: Exception, said: str) -> None:
    assert (system_error(error) or "").startswith(said)


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "x"), ValueError("28"), chained(KeyError("a"))])
def test_another_error_keeps_its_traceback(error: Exception) -> None:
    assert system_error(error) is None


WRITE = """
from pathlib import Path
from captcha_ocr.base.files import write_text
from captcha_ocr.base.stage import exit_on_error
exit_on_error(lambda: write_text(Path("a.txt"), "x" * 100_000))
"""


def test_a_full_disk_ends_a_stage_with_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: a.txt: File too large: raise the limit")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())
