"""What every stage does alike: read its arguments, and turn an expected error into a message and exit code 1."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError


def arguments(description: str | None, paths: str, texts: str = "") -> argparse.Namespace:
    """The command line: one required option for each name in `paths` (given as Path) and `texts` (as str)."""
    parser = argparse.ArgumentParser(description=description)
    for name in paths.split():
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in texts.split():
        parser.add_argument(f"--{name}", required=True)
    return parser.parse_args()


def run(main: Callable[[], None]) -> None:
    """Runs a stage. Python's own traceback is left to what nobody expected."""
    try:
        main()
    except CaptchaOcrError as error:
        sys.exit(f"error: {error}")
