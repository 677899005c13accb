"""Prints untrusted text: a terminal obeys nothing in it, and it can be written in any encoding."""

import re
import sys
from typing import Any, TextIO

# Control characters (C0, DEL, C1), separators of lines and paragraphs, marks that reorder the text around them, and
# halves of surrogate pairs, which stand for the bytes of a file name that is not UTF-8.
_CONTROLS = r"\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
_OBEYED_IN_LINES = re.compile(f"[{_CONTROLS}]")
_OBEYED = re.compile(rf"[\t\n{_CONTROLS}]")
_CURSOR_MOVES = re.compile(r"(?:\n|\r|\x1b\[A)+")  # what a progress bar writes apart from its text


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()


def visible(text: str) -> str:
    r"""`text` in one line: what would control a terminal is shown as in Python's strings, such as \n or \x1b.

    A backslash in the text stays as it is.
    """
    return _OBEYED.sub(_escape, text)


def visible_lines(text: str) -> str:
    """As `visible`, but line breaks and tabs stay."""
    return _OBEYED_IN_LINES.sub(_escape, text)


class _VisibleStream:
    """A text stream that shows what would control the terminal, and what its encoding lacks, as escapes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        if not _CURSOR_MOVES.fullmatch(text):
            start = "\r" if text.startswith("\r") else ""  # a progress bar overwrites its own line
            text = start + visible_lines(text[len(start) :])
        encoding = self._stream.encoding or "utf-8"
        return self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def make_output_visible() -> None:
    """Lets everything that this process writes to standard output and standard error pass through `visible_lines`."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, _VisibleStream):
            setattr(sys, name, _VisibleStream(stream))
