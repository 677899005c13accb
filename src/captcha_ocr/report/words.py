"""How figures are written for a person."""

from collections.abc import Mapping
from typing import Any


def percent(share: float, digits: int = 2) -> str:
    """A share of 1."""
    return f"{100 * share:.{digits}f} %"


def result(metrics: Mapping[str, Any]) -> str:
    """The figures of metrics.json in one line."""
    return (
        f"{percent(metrics['exact_match'])} of {metrics['samples']:,} test pictures read exactly (95 % interval "
        f"{interval(metrics['exact_match_low'], metrics['exact_match_high'])}), CER {percent(metrics['cer'])}"
    )


def interval(low: float, high: float, digits: int = 1) -> str:
    """Both ends of a 95 % interval, shares of 1."""
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f} %"
