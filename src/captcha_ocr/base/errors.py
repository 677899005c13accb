"""The one exception that a person is meant to read."""


class CaptchaOcrError(Exception):
    """Names the item, the value and the remedy; stages print it and stop with exit code 1."""


def listed(items: list[str], limit: int = 10) -> str:
    """At most `limit` items, and how many there are in all."""
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown}, … ({len(items)} in all)"
