"""How numbers are written for people."""


def percent(share: float, digits: int = 2) -> str:
    """A share of 1."""
    return f"{100 * share:.{digits}f} %"


def interval(low: float, high: float, digits: int = 1) -> str:
    """Both ends of a 95 % interval, shares of 1."""
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f} %"
