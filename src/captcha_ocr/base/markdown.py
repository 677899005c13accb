"""Escapes untrusted text for Markdown, as CommonMark and GitHub read it. Either form is one line."""

import re
from typing import Any

from captcha_ocr.base.terminal import visible

# What is Markdown, HTML, a character reference, a formula of GitHub's or the edge of a cell, and what makes a bare
# address a link.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&~$]|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What begins a heading or a list, or is the line below a heading.
_FIRST = re.compile(r"^(?:(\d{1,9})(?=[.)](?:\s|$))|(?=(?:[+-]|#{1,6})(?:\s|$)|(?:=+|-+)$))")


def escaped(text: str) -> str:
    """`text` as it is, in a paragraph or a table cell. GitHub still takes @name in it as the mention of a user."""
    shown = _SPECIAL.sub(lambda found: f"\\{found[0]}", visible(text).strip())
    return _FIRST.sub(lambda found: f"{found[0]}\\", shown)


def _as_references(text: str) -> str:
    return "".join(c if c.isalnum() else f"&#{ord(c)};" for c in text)


def code(value: Any) -> str:
    """`value` as a code span, in which nothing has an effect, not even @name. It also fits into a table cell."""
    text = visible(str(value)) or "∅"
    if "\\|" in text:  # in a table, no code span can hold it
        return f"<code>{_as_references(text)}</code>"
    text = text.replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if text[0] == "`" or text[-1] == "`" or not text.strip() else ""
    return f"{fence}{edge}{text}{edge}{fence}"
