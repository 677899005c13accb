"""The exception whose message is meant for users."""

from collections.abc import Sequence

from captcha_ocr.base.terminal import visible


class CaptchaOcrError(Exception):
    """An expected error. Its message names item, value and remedy; scripts print it and exit with code 1."""


def listed(items: Sequence[str], limit: int = 10) -> str:
    """The first `limit` items in one line, separated by commas; where there are more, also the number of all items."""
    shown = ", ".join(map(visible, items[:limit]))
    return shown if len(items) <= limit else f"{shown}, … ({len(items)} in all)"
