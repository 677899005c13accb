"""Formats numbers for people."""


def percent(share: float, digits: int = 2) -> str:
    """`share`, between 0 and 1, as a percentage."""
    return f"{100 * share:.{digits}f} %"


def interval(low: float, high: float, digits: int = 1) -> str:
    """The ends of an interval of shares, between 0 and 1, as percentages."""
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f} %"


def duration(seconds: float) -> str:
    """About how long: in seconds up to two minutes, then in minutes, then in hours."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
