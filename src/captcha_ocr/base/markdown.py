"""Escapes untrusted text for Markdown."""

import re
from typing import Any


def code(value: Any) -> str:
    """A value as a code span, in which no symbol of it means anything; it also holds in a cell of a table."""
    text = str(value).replace("\n", " ").replace("|", "\\|") or "∅"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{edge}{text}{edge}{fence}"
