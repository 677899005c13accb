"""Cells of CSV files that spreadsheets open: none begins a formula, and every text can be had back.

Spreadsheets take a cell as a formula if it begins with =, +, - or @, or their full-width forms, or with a tab or line
break before these (owasp.org/www-community/attacks/CSV_Injection). Such a cell gets an apostrophe in front.
"""

import re

_FORMULA = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"
# Apostrophes may be in front already: another one keeps `'=a` apart from `=a`.
FORMULA = re.compile(f"'*{_FORMULA}")
MARKED = re.compile(f"'+{_FORMULA}")


def marked(text: str) -> str:
    """The cell for `text`: an apostrophe in front if the text, or all behind its apostrophes, begins a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unmarked(cell: str) -> str:
    """The text of a cell that `marked` made; any other cell is its own text."""
    return cell[1:] if MARKED.match(cell) else cell
