"""Finds the label in file names: a value for text.label_pattern, by what the names have in common."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WHOLE = "(.+)"
SEPARATORS = "_-. "
FEW = 10  # so many names may begin alike by chance
NEARLY_ALL = 0.98  # share of names that a pattern matches; the others are single mistakes
Parts = Sequence[tuple[str, str]]  # of each name: its label, and what is left out


@dataclass(frozen=True)
class NamePattern:
    """A value of text.label_pattern. doubt: why another may be right; empty where the names leave none."""

    pattern: str
    doubt: str = ""


def _are_a_count(numbers: Sequence[int]) -> bool:
    """Whether numbers are those of a count, from 0 or 1 on, at least half of which are there."""
    return len(set(numbers)) == len(numbers) and max(numbers) <= 2 * len(numbers)


def _count_pictures(parts: Parts) -> bool:
    """Whether the numbers left out count all pictures (a_0, b_1, c_2), or those of each label (a_0, a_1, b_0)."""
    by_label = defaultdict(list)
    for label, rest in parts:
        by_label[label].append(int(re.sub(r"\D", "", rest)))
    numbers = [number for group in by_label.values() for number in group]
    first = min(numbers)
    if len(numbers) > 2 and _are_a_count([number - first for number in numbers]):
        return True
    return len(by_label) < len(parts) and sum(map(_are_a_count, by_label.values())) >= 0.9 * len(by_label)


def _are_unique(parts: Parts) -> bool:
    """Whether no two names have the same rest: it is a time or a digest."""
    return len({rest for _, rest in parts}) == len(parts)


CANDIDATES: tuple[tuple[str, Callable[[Parts], bool]], ...] = (
    (r"(.+?)[ _-]?\(\d+\)", _count_pictures),
    (r"(.+)_\d+", _count_pictures),
    (r"(.+)-\d+", _count_pictures),
    (r"(.+)\.\d+", _count_pictures),
    (r"(.+) \d+", _count_pictures),
    (r"\d+_(.+)", _count_pictures),
    (r"\d+-(.+)", _count_pictures),
    (r"(.+)[_-]\d{9,}", _are_unique),
    (r"(.+)[_-](?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}", _are_unique),
    (r"\d+_(.+)_\d+", _are_unique),
)


def _parts(pattern: str, stems: Sequence[str]) -> Parts | None:
    """Label and rest of the stems that match; None unless nearly all do."""
    matches = [m for stem in stems if (m := re.fullmatch(pattern, stem))]
    if len(matches) < NEARLY_ALL * len(stems):
        return None
    return [(m[1], m.string[: m.start(1)] + m.string[m.end(1) :]) for m in matches]


def _without_prefix(stems: Sequence[str]) -> NamePattern:
    """The pattern for names that have nothing in common at their beginning."""
    possible = [(pattern, evidence, parts) for pattern, evidence in CANDIDATES if (parts := _parts(pattern, stems))]
    for pattern, evidence, parts in possible:
        if evidence(parts):
            return NamePattern(pattern)
    if possible:
        return NamePattern(WHOLE, f"the whole name is taken for the label, though {possible[0][0]} matches, too")
    if all(stem.isdecimal() for stem in stems) and _count_pictures([("", stem) for stem in stems]):
        return NamePattern(WHOLE, "the names look like a count of the pictures: are they the labels?")
    return NamePattern(WHOLE)


def find_pattern(stems: Sequence[str]) -> NamePattern:
    """The pattern whose group is the label in nearly all `stems`, file names without folders and endings.

    A number behind the label or before it is left out where it counts pictures; so is a time or a digest that no two
    names share, and a beginning that all names have.
    """
    first, last = min(stems), max(stems)
    common = first[: next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))]
    prefix = common[: max(common.rfind(separator) for separator in SEPARATORS) + 1]
    if not prefix or len(stems) < FEW or prefix.strip(SEPARATORS).isdecimal():
        return _without_prefix(stems)
    found = _without_prefix([stem[len(prefix) :] for stem in stems])
    doubt = f"every name begins with {prefix!r}, which is taken for no part of the label"
    return NamePattern(re.escape(prefix) + found.pattern, f"{doubt}; {found.doubt}" if found.doubt else doubt)
