"""What `adopt` decides: values by their dotted names in params.yaml, and what it is unsure of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Doubt:
    """What the user should look at, and the key of params.yaml that decides it."""

    key: str
    text: str


@dataclass(frozen=True)
class Decision:
    """Values by key, and doubts about them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    doubts: tuple[Doubt, ...] = ()


def merged(decisions: Iterable[Decision]) -> Decision:
    """All values and doubts together, in their order."""
    several = list(decisions)
    values = {key: value for decision in several for key, value in decision.values.items()}
    return Decision(values, tuple(doubt for decision in several for doubt in decision.doubts))
