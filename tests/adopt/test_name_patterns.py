import random
import re

import pytest

from captcha_ocr.adopt.name_patterns import WHOLE, find_pattern

RANDOM = random.Random(0)
LABELS = ["".join(RANDOM.choices("abcdefgh", k=5)) for _ in range(40)]
PLATES = ["".join(RANDOM.choices("ABCDEFGH", k=2)) + f"-{RANDOM.randrange(1000, 10_000)}" for _ in range(40)]


@pytest.mark.parametrize(
    ("stems", "pattern"),
    [
        (LABELS, WHOLE),
        (["7", "42", "1234", "99", "531"], WHOLE),
        ([f"{label}_{i}" for i, label in enumerate(LABELS)], r"(.+)_\d+"),
        ([f"{label}_{i:05}" for i, label in enumerate(LABELS, start=700)], r"(.+)_\d+"),
        ([f"{label}-{i}" for label in LABELS[:9] for i in range(3)], r"(.+)-\d+"),
        ([f"{label} ({i})" for label in LABELS[:9] for i in (1, 2)], r"(.+?)[ _-]?\(\d+\)"),
        ([f"{i}_{label}" for i, label in enumerate(LABELS)], r"\d+_(.+)"),
        ([f"{label}_{1_600_000_000 + 977 * i}" for i, label in enumerate(LABELS)], r"(.+)[_-]\d{9,}"),
        ([f"{i % 7}_{label}_{31 * i}" for i, label in enumerate(LABELS)], r"\d+_(.+)_\d+"),
    ],
)
def test_what_counts_pictures_is_left_out_of_the_label(stems: list[str], pattern: str) -> None:
    found = find_pattern(stems)
    assert (found.pattern, found.doubt) == (pattern, "")
    assert all(re.fullmatch(found.pattern, stem) for stem in stems)


def test_a_digest_is_left_out() -> None:
    stems = [f"{label}-{RANDOM.randrange(16**12):012x}" for label in LABELS]
    pattern = find_pattern(stems).pattern
    assert [re.fullmatch(pattern, stem)[1] for stem in stems] == LABELS


def test_a_number_that_counts_nothing_stays_in_the_label_and_is_doubted() -> None:
    found = find_pattern(PLATES)
    assert found.pattern == WHOLE
    assert r"(.+)-\d+ matches, too" in found.doubt


def test_a_beginning_of_all_names_is_left_out_and_doubted() -> None:
    found = find_pattern([f"captcha_{label}_{i}" for i, label in enumerate(LABELS)])
    assert found.pattern == r"captcha_(.+)_\d+"
    assert "begins with 'captcha_'" in found.doubt


@pytest.mark.parametrize("stems", [[f"{i:03}" for i in range(40)], [f"img_{i:03}" for i in range(40)]])
def test_names_that_only_count_pictures_are_doubted(stems: list[str]) -> None:
    assert "are they the labels?" in find_pattern(stems).doubt


def test_a_single_name_that_does_not_fit_changes_nothing() -> None:
    assert find_pattern([*(f"{label}_{i}" for i, label in enumerate(LABELS * 3)), "stray"]).pattern == r"(.+)_\d+"
