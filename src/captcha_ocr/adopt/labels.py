"""Decides what labels may be: alphabet and lengths, from the labels that are there."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from captcha_ocr.adopt.decision import Decision, Doubt
from captcha_ocr.base.errors import listed
from captcha_ocr.fetch.layouts.entry import Entry

FEW_LABELS = 12  # a symbol in more labels than that is in one of the training pictures, all but surely
SUSPICIOUS = 2  # a symbol in so few labels may be a typing error, where others are in at least …
PLENTY = 20


def sorted_alphabet(symbols: set[str]) -> str:
    """Digits, then letters, then all others, each by code point.

    Combining marks come before all, so that none combines with the symbol before it: text.alphabet must be NFC.
    """

    def rank(symbol: str) -> tuple[int, int, str]:
        category = unicodedata.category(symbol)[0]
        return ({"M": 0, "N": 1, "L": 2}.get(category, 3), unicodedata.combining(symbol), symbol)

    return "".join(sorted(symbols, key=rank))


def files_by_symbol(labels: Mapping[str, str]) -> dict[str, list[str]]:
    """The files of the labels that hold a symbol, for each symbol."""
    found = defaultdict(list)
    for file, label in labels.items():
        for symbol in set(label):
            found[symbol].append(file)
    return dict(found)


def in_few_labels(labels: Mapping[str, str]) -> set[str]:
    """The files whose label holds a symbol that few labels hold."""
    return {file for files in files_by_symbol(labels).values() if len(files) <= FEW_LABELS for file in files}


def _rare_symbols(labels: Mapping[str, str]) -> list[Doubt]:
    by_symbol = files_by_symbol(labels)
    if max(map(len, by_symbol.values())) < PLENTY:
        return []
    rare = sorted((symbol, sorted(files)) for symbol, files in by_symbol.items() if len(files) <= SUSPICIOUS)
    examples = [f"{symbol!r} ({', '.join(files)})" for symbol, files in rare]
    return [Doubt("text.alphabet", f"in one or two labels only: {listed(examples)}; is the label right?")] * bool(rare)


def _odd_lengths(labels: Mapping[str, str]) -> list[Doubt]:
    counts = Counter(map(len, labels.values()))
    doubts = []
    for key, length in (("text.min_length", min(counts)), ("text.max_length", max(counts))):
        if counts[length] <= SUSPICIOUS and counts.most_common(1)[0][1] >= PLENTY:
            odd = sorted(f"{label!r} ({file})" for file, label in labels.items() if len(label) == length)
            doubts.append(Doubt(key, f"one or two labels only have {length} symbols: {listed(odd)}; are they right?"))
    return doubts


def _absent(entries: Sequence[Entry]) -> list[Doubt]:
    without = [entry.file for entry in entries if not entry.text]
    spaced = [f"{entry.text!r} ({entry.file})" for entry in entries if entry.text and entry.text != entry.text.strip()]
    return [
        *[Doubt("text.label_pattern", f"no label was found for {listed(without)}: `make repro` stops there")]
        * bool(without),
        *[Doubt("text.alphabet", f"labels begin or end with a space: {listed(spaced)}; it is learnt as a symbol")]
        * bool(spaced),
    ]


def decide_text(labels: Mapping[str, str], entries: Sequence[Entry]) -> Decision:
    """Alphabet and lengths that all `labels` keep to, with doubts about labels that look like mistakes."""
    lengths = list(map(len, labels.values()))
    values = {
        "text.alphabet": sorted_alphabet(set("".join(labels.values()))),
        "text.min_length": min(lengths),
        "text.max_length": max(lengths),
    }
    return Decision(values, (*_absent(entries), *_rare_symbols(labels), *_odd_lengths(labels)))
