"""Formats numbers for people."""


def percent(share: float, digits: int = 2) -> str:
    """`share`, between 0 and 1, as a percentage."""
    return f"{100 * share:.{digits}f} %"


def interval(low: float, high: float, digits: int = 1) -> str:
    """The ends of an interval of shares, between 0 and 1, as percentages."""
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f} %"
