"""Folders that the process may not write to."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """For the block, the process may read in `folder` and below, and not write; root works as another user then."""
    user, mode = os.geteuid(), folder.stat().st_mode
    above = [path for path in folder.parents if path.stat().st_mode & 0o011 != 0o011]
    for path in above if user == 0 else []:
        path.chmod(path.stat().st_mode | 0o011)
    folder.chmod(0o555)
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        folder.chmod(mode)
