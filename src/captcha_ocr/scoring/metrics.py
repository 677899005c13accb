"""How texts compare with labels: character error rate, exact match and its interval."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein
from scipy.stats import binomtest

MISSING = "∅"  # stands for a missing symbol, or for nothing that was read


def edit_distances(labels: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Levenshtein distance of each reading from its label."""
    return [Levenshtein.distance(label, text) for label, text in zip(labels, texts, strict=True)]


def character_error_rate(labels: Sequence[str], texts: Sequence[str]) -> float:
    """All edits over all label characters (the corpus CER, not a mean of per-picture rates)."""
    return sum(edit_distances(labels, texts)) / sum(map(len, labels))


def exact_match(labels: Sequence[str], texts: Sequence[str]) -> float:
    """Share of pictures read without any error."""
    return sum(a == b for a, b in zip(labels, texts, strict=True)) / len(labels)


def wilson_interval(successes: int, samples: int) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson 1927)."""
    interval = binomtest(successes, samples).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


@dataclass(frozen=True)
class Proportion:
    """`correct` of `samples`: the share, with its 95 % interval (Wilson 1927)."""

    samples: int
    correct: int
    share: float
    low: float
    high: float

    @classmethod
    def of(cls, outcomes: Iterable[bool]) -> "Proportion":
        """Of at least one outcome, true where it is correct."""
        values = [bool(outcome) for outcome in outcomes]
        samples, correct = len(values), sum(values)
        return cls(samples, correct, correct / samples, *wilson_interval(correct, samples))


def exact_proportion(labels: Sequence[str], texts: Sequence[str]) -> Proportion:
    """Of pictures read without any error."""
    return Proportion.of(a == b for a, b in zip(labels, texts, strict=True))


def position_accuracy(labels: Sequence[str], texts: Sequence[str]) -> list[float]:
    """Share of labels long enough for position i whose i-th symbol was read at position i."""
    accuracies = []
    for position in range(max(map(len, labels))):
        pairs = [
            (a[position], b[position : position + 1]) for a, b in zip(labels, texts, strict=True) if len(a) > position
        ]
        accuracies.append(sum(a == b for a, b in pairs) / len(pairs))
    return accuracies


def symbol_pairs(labels: Sequence[str], texts: Sequence[str]) -> Counter[tuple[str, str]]:
    """(true, read) symbols along each minimal alignment; MISSING stands for a missing or an extra one."""
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
