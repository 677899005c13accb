"""Says in words what `adopt` found and decided."""

from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from typing import Any

from captcha_ocr.adopt.adoption import Adoption
from captcha_ocr.adopt.contents import Contents
from captcha_ocr.adopt.decision import Doubt
from captcha_ocr.adopt.labels import sorted_alphabet
from captcha_ocr.base.errors import listed
from captcha_ocr.base.terminal import visible

MOST = 12  # sizes, modes and symbols that are listed one by one
LONGEST = 60  # of a value, in symbols


def _counted(counts: Mapping[str, int], limit: int = MOST) -> str:
    """Names with their counts, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return listed([f"{name} ({count:,})" for name, count in ordered], limit)


def _symbols(labels: Mapping[str, str]) -> str:
    counts = Counter("".join(labels.values()))
    ordered = [f"{symbol!r} {counts[symbol]:,}" for symbol in sorted_alphabet(set(counts))]
    return f"{len(ordered)}: {listed(ordered, 3 * MOST)}"


def _length(labels: Mapping[str, str]) -> str:
    if len(set(map(len, labels.values()))) == 1:
        file, label = next(iter(labels.items()))
        return f"{len(label)} symbols each, as {label!r} ({visible(file)})"
    shortest, longest = (choose(labels.items(), key=lambda item: len(item[1])) for choose in (min, max))
    return (
        f"{len(shortest[1])} to {len(longest[1])} symbols: the shortest is {shortest[1]!r} ({visible(shortest[0])}), "
        f"the longest {longest[1]!r} ({visible(longest[0])})"
    )


def _sizes(contents: Contents) -> str:
    counts = Counter(f"{form.width} × {form.height}" for form in contents.forms.values())
    if len(counts) <= MOST:
        return _counted(counts)
    widths, heights = zip(*((form.width, form.height) for form in contents.forms.values()), strict=True)
    return f"{len(counts)}, {min(widths)} to {max(widths)} wide and {min(heights)} to {max(heights)} high"


def found(contents: Contents, source: str) -> str:
    """What the source holds."""
    given = Counter(entry.split or "none" for entry in contents.entries)
    rows = {
        "pictures": f"{len(contents.entries):,}, laid out as {contents.layout}",
        "labels": _length(contents.labels),
        "symbols": _symbols(contents.labels),
        "sizes": _sizes(contents),
        "modes": _counted(Counter(form.mode for form in contents.forms.values())),
        "splits": "none given: `split` makes them" if set(given) == {"none"} else f"given: {_counted(given)}",
        "looked at": f"the head of every file, and the pixels of {len(contents.looks):,} pictures",
    }
    return "\n".join([f"{source} holds", *(f"  {name:<10} {text}" for name, text in rows.items())])


def _shown(value: Any) -> str:
    text = "null" if value is None else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)] if lines else []


def _doubt(doubt: Doubt) -> str:
    return f"{doubt.key:<24} {doubt.text}"


def difference(adoption: Adoption) -> str:
    """What would change in params.yaml, as `diff -u` shows it."""
    before, after = adoption.before.splitlines(keepends=True), adoption.after.splitlines(keepends=True)
    return "".join(unified_diff(before, after, "params.yaml", "params.yaml, adopted"))


def summary(adoption: Adoption) -> str:
    """All that the user should know: what was found, set, kept, and what is unsure."""
    pinned = f"{adoption.source} is the archive pinned in data.dvc, for which the parameters ship"
    changes = [f"{key:<24} {_shown(new)}, was {_shown(old)}" for key, (old, new) in adoption.changes.items()]
    kept = [f"{key:<24} {_shown(value)}" for key, value in adoption.kept.items()]
    lines = [
        found(adoption.contents, adoption.source) if adoption.contents else pinned,
        *_section("set in params.yaml:", changes or ["nothing: all values are right already"]),
        *_section("kept, since they are yours:", kept),
        *_section("unsure, with the key that decides:", [_doubt(doubt) for doubt in adoption.doubts]),
    ]
    return "\n".join(lines)
