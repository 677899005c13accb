"""Metrics of texts against labels: character error rate (CER), exact match, accuracy by position, confused symbols."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

MISSING = "∅"  # stands for a missing symbol, or for an empty text


def edit_distances(labels: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Levenshtein distance of each reading from its label."""
    return [Levenshtein.distance(label, text) for label, text in zip(labels, texts, strict=True)]


def character_error_rate(labels: Sequence[str], texts: Sequence[str]) -> float:
    """The sum of all edit distances, divided by the number of symbols in all labels; not a mean over pictures."""
    return sum(edit_distances(labels, texts)) / sum(map(len, labels))


def exact_match(labels: Sequence[str], texts: Sequence[str]) -> float:
    """The share of texts that equal their label."""
    return sum(a == b for a, b in zip(labels, texts, strict=True)) / len(labels)


def wilson_interval(successes: int, samples: int) -> tuple[float, float]:
    """The 95 % interval (low, high) of the proportion successes / samples (Wilson 1927)."""
    from scipy.stats import binomtest  # takes most of a second to import, and few who import this module ask

    interval = binomtest(successes, samples).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Proportion:
    """`share` is correct / samples; `low` and `high` are the ends of its 95 % interval (Wilson 1927)."""

    samples: int
    correct: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> "Proportion":
        """The proportion of true ones among `outcomes`, of which there must be at least one."""
        values = [bool(outcome) for outcome in outcomes]
        samples, correct = len(values), sum(values)
        return cls(samples, correct, correct / samples, *wilson_interval(correct, samples))


def exact_proportion(labels: Sequence[str], texts: Sequence[str]) -> Proportion:
    """The proportion of texts that equal their label."""
    return Proportion.of(a == b for a, b in zip(labels, texts, strict=True))


def position_accuracy(labels: Sequence[str], texts: Sequence[str]) -> list[float]:
    """For each position i, the share of texts with the right symbol there, among pictures whose label is that long."""
    accuracies = []
    for position in range(max(map(len, labels))):
        pairs = [
            (a[position], b[position : position + 1]) for a, b in zip(labels, texts, strict=True) if len(a) > position
        ]
        accuracies.append(sum(a == b for a, b in pairs) / len(pairs))
    return accuracies


def symbol_pairs(labels: Sequence[str], texts: Sequence[str]) -> Counter[tuple[str, str]]:
    """Counts of (true, read) symbols in a minimal alignment of each text with its label.

    MISSING stands for the read symbol where one was left out, and for the true symbol where one was added.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    for label, text in zip(labels, texts, strict=True):
        for step in Levenshtein.opcodes(label, text):
            true, read = label[step.src_start : step.src_end], text[step.dest_start : step.dest_end]
            width = max(len(true), len(read))
            padded = zip(
                list(true) + [MISSING] * (width - len(true)), list(read) + [MISSING] * (width - len(read)), strict=True
            )
            pairs.update(padded)
    return pairs
