"""The one exception whose message is meant for users."""

from collections.abc import Sequence


class CaptchaOcrError(Exception):
    """Names the item, the value and the remedy; stages print it and stop with exit code 1."""


def listed(items: Sequence[str], limit: int = 10) -> str:
    """At most `limit` items, and how many there are in all."""
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown}, … ({len(items)} in all)"
