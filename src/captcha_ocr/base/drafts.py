"""Removes unfinished files that killed processes have left."""

from pathlib import Path

import psutil

from captcha_ocr.base.files import DRAFT, remove


def _is_written(draft: Path, process: int) -> bool:
    """Whether the process writes `draft`, and still runs. A younger process only has the same number."""
    try:
        return bool(psutil.Process(process).create_time() <= draft.stat().st_mtime)
    except (psutil.NoSuchProcess, FileNotFoundError):
        return False


def sweep_drafts(folder: Path) -> None:
    """Removes the drafts of `replacing` in `folder` whose process has ended."""
    for draft in folder.glob(f"{DRAFT}*"):
        process = draft.name.removeprefix(DRAFT).partition("-")[0]
        if process.isdecimal() and not _is_written(draft, int(process)):
            remove(draft)
