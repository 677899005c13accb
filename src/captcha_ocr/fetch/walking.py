"""Goes through folders, and passes over none silently."""

import os
from collections.abc import Iterator
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError


def _refuse(error: OSError) -> None:
    raise CaptchaOcrError(f"{error.filename} cannot be read ({error.strerror}): give permission to read it") from None


def walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    """As os.walk; raises CaptchaOcrError for a folder that cannot be read, which os.walk leaves out."""
    return os.walk(folder, onerror=_refuse)
