"""Cells of CSV files that spreadsheets open: none begins a formula, and every text can be had back.

Spreadsheets take a cell as a formula if it begins with =, +, - or @, or their full-width forms, or with a tab or line
break before these (owasp.org/www-community/attacks/CSV_Injection). Such a cell gets an apostrophe in front.
"""

import re

# Behind the name of a column whose cells are marked, in tables in which others may not be: those of labels.
MARK = "'"
FIRST = frozenset("'=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # characters: a cell that begins with no other is its text
_FORMULA = f"[{re.escape(''.join(sorted(FIRST - {MARK})))}]"
# Apostrophes may be in front already: another one keeps `'=a` apart from `=a`.
_BEGIN = re.compile(f"'*{_FORMULA}")
_MARKED = re.compile(f"'+{_FORMULA}")


def marked(text: str) -> str:
    """The cell for `text`: an apostrophe in front if the text, or all behind its apostrophes, begins a formula."""
    return f"'{text}" if begins_formula(text) else text


def begins_formula(text: str) -> bool:
    """Whether `marked` changes the text."""
    return _BEGIN.match(text) is not None


def unmarked(cell: str) -> str:
    """The text of a cell that `marked` made; any other cell is its own text."""
    return cell[1:] if _MARKED.match(cell) else cell
