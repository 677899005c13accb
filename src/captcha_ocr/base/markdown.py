"""Escapes untrusted text for Markdown."""

import re
from typing import Any


def code(value: Any) -> str:
    """`value` as a code span, in which Markdown's special characters have no effect. It also fits into a table cell."""
    text = str(value).replace("\n", " ").replace("|", "\\|") or "∅"
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    edge = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{edge}{text}{edge}{fence}"
