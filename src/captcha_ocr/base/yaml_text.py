"""Reads YAML of bounded size: a short text can stand for gigabytes, or be nested deeper than Python can follow."""

from pathlib import Path
from typing import Any

import yaml

from captcha_ocr.base.errors import CaptchaOcrError

MAX_BYTES = 10_000_000
MAX_DEPTH = 50  # mappings and lists within each other
MAX_NODES = 200_000  # values, an alias counted as all that it stands for
# What PyYAML lets through besides its own errors: a 13th month, a number of 5,000 digits, `!!int ""`, `!!bool maybe` …
DAMAGE = (yaml.YAMLError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError)
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where PyYAML was built with it


class _Sizes:
    """Counts the values of a YAML text as its events come, and raises ValueError beyond a bound."""

    def __init__(self) -> None:
        self.anchored: dict[str, int] = {}
        self.open: list[tuple[str | None, int]] = []  # anchor and values so far, of what has begun and not ended
        self.total = 0

    def begin(self, anchor: str | None) -> None:
        if anchor:
            self.anchored.pop(anchor, None)
        self.open.append((anchor, 1))
        if len(self.open) > MAX_DEPTH:
            raise ValueError(f"it is nested deeper than {MAX_DEPTH} levels")

    def end(self) -> None:
        anchor, size = self.open.pop()
        if anchor:
            self.anchored[anchor] = size
        if self.open:
            self.add(size)
        self.total = max(self.total, size)

    def add(self, size: int) -> None:
        anchor, before = self.open[-1]
        self.open[-1] = anchor, before + size
        if before + size > MAX_NODES:
            raise ValueError(f"it stands for more than {MAX_NODES:,} values")

    def alias(self, anchor: str | None) -> None:
        if anchor is None or anchor not in self.anchored:
            raise ValueError(f"the alias {anchor} stands for what it is a part of, or for nothing")
        self.add(self.anchored[anchor])


def _check_sizes(text: str) -> None:
    """Raises ValueError for a text that is nested too deep or stands for too much, without building it."""
    sizes = _Sizes()
    for event in yaml.parse(text, LOADER):
        if isinstance(event, yaml.AliasEvent) and sizes.open:
            sizes.alias(event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            sizes.begin(event.anchor)
        elif isinstance(event, yaml.CollectionEndEvent):
            sizes.end()
        elif isinstance(event, yaml.ScalarEvent) and sizes.open:
            sizes.add(1)
            if event.anchor:
                sizes.anchored[event.anchor] = 1


def parse_yaml(text: str, name: str) -> Any:
    """The value of a YAML text; `name` is for messages.

    Raises CaptchaOcrError if it is no YAML, or holds more than this project's files have a use for.
    """
    try:
        _check_sizes(text)
        return yaml.load(text, LOADER)  # LOADER is a safe one
    except DAMAGE as error:
        raise CaptchaOcrError(f"{name} is not YAML that can be used: {error}: correct it") from None


def read_yaml(path: Path) -> Any:
    """The value in a YAML file; raises CaptchaOcrError as `parse_yaml` does, and if the file cannot be read."""
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_BYTES else None
    except OSError as error:
        raise CaptchaOcrError(f"{path} cannot be read ({error.strerror}): restore it from git") from None
    if content is None:
        raise CaptchaOcrError(f"{path} has more than {MAX_BYTES:,} bytes: restore it from git")
    try:
        return parse_yaml(content.decode(), str(path))
    except UnicodeDecodeError as error:
        raise CaptchaOcrError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
