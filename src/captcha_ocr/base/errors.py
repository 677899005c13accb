"""The exception whose message is meant for users."""

from collections.abc import Sequence


class CaptchaOcrError(Exception):
    """An expected error. Its message names item, value and remedy; scripts print it and exit with code 1."""


def listed(items: Sequence[str], limit: int = 10) -> str:
    """The first `limit` items, separated by commas; where there are more, also the number of all items."""
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown}, … ({len(items)} in all)"
