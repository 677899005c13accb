"""How many time steps a label needs: CTC emits at most one symbol a step, and a blank between equal neighbours."""

from itertools import pairwise


def time_steps_needed(label: str) -> int:
    """The fewest time steps that can emit `label`: one for each symbol, one for each blank between equal neighbours."""
    return len(label) + sum(a == b for a, b in pairwise(label))


def has_adjacent_repeats(label: str) -> bool:
    """Whether two neighbouring symbols are equal."""
    return time_steps_needed(label) > len(label)


def comfortable_time_steps(label: str) -> int:
    """2 × length + 2 time steps, a rule of thumb: a blank on either side of every symbol takes 2 × length + 1."""
    return 2 * len(label) + 2
