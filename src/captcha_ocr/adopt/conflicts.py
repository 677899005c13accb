"""Finds values of the user's that the pictures contradict. They are kept, and the contradiction is said."""

from collections.abc import Callable, Mapping
from typing import Any

from captcha_ocr.adopt.contents import Contents
from captcha_ocr.adopt.decision import Doubt
from captcha_ocr.base.errors import listed

Objection = Callable[[Any, Any, Contents], str]  # of the user's value and the decided one; empty where there is none


def _alphabet(own: str, decided: str, contents: Contents) -> str:
    lacking = [repr(symbol) for symbol in decided if symbol not in own]
    count = sum(not set(label) <= set(own) for label in contents.labels.values())
    return f"lacks {listed(lacking)}, which {count} labels hold" if lacking else ""


def _shorter(own: int, decided: int, contents: Contents) -> str:
    count = sum(len(label) < own for label in contents.labels.values())
    return f"{count} labels are shorter, the shortest has {decided} symbols" if count else ""


def _longer(own: int, decided: int, contents: Contents) -> str:
    count = sum(len(label) > own for label in contents.labels.values())
    return f"{count} labels are longer, the longest has {decided} symbols" if count else ""


def _sizes(own: list[list[int]], decided: Any, contents: Contents) -> str:
    count = sum([form.width, form.height] not in own for form in contents.forms.values())
    return f"{count} pictures have other sizes" if own and count else ""


def _modes(own: list[str], decided: list[str], contents: Contents) -> str:
    others = [mode for mode in decided if mode not in own]
    return f"lacks {listed(others)}" if own and others else ""


def _pattern(own: str, decided: Any, contents: Contents) -> str:
    count = sum(entry.text is None for entry in contents.entries)
    return f"does not match {count} of {len(contents.entries)} names" if count else ""


def _too_many(own: int, decided: Any, contents: Contents) -> str:
    return f"there are {len(contents.entries)} pictures" if len(contents.entries) > own else ""


def _too_few(own: int, decided: Any, contents: Contents) -> str:
    return f"there are only {len(contents.entries)} pictures" if len(contents.entries) < own else ""


def _contrast(own: float, decided: float, contents: Contents) -> str:
    count = sum(look.contrast < own for look in contents.looks.values())
    return f"{count} of {len(contents.looks)} pictures looked at have less" if count else ""


OBJECTIONS: Mapping[str, Objection] = {
    "text.alphabet": _alphabet,
    "text.label_pattern": _pattern,
    "text.min_length": _shorter,
    "text.max_length": _longer,
    "fetch.max_pictures": _too_many,
    "validate.sizes": _sizes,
    "validate.modes": _modes,
    "validate.min_contrast": _contrast,
    "validate.min_rows": _too_few,
    "validate.max_rows": _too_many,
}


def conflicts(kept: Mapping[str, Any], decided: Mapping[str, Any], contents: Contents) -> list[Doubt]:
    """A doubt for each kept value with which pictures would not pass validation."""
    found = {key: OBJECTIONS[key](own, decided[key], contents) for key, own in kept.items() if key in OBJECTIONS}
    return [Doubt(key, f"{kept[key]!r} is yours and was kept, though {text}") for key, text in found.items() if text]
