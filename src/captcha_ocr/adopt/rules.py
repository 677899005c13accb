"""Decides what `validate` and the limits of `fetch` let through, so that the set passes."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from captcha_ocr.adopt.decision import Decision, Doubt
from captcha_ocr.adopt.pictures import Form, Look
from captcha_ocr.adopt.record import SHIPPED
from captcha_ocr.base.errors import listed
from captcha_ocr.fetch.containers.files import MEGABYTE

FEW_SIZES = 8
UNDECODABLE_MODES = frozenset({"I", "F"})  # 32 bits a pixel
BLANK = 8  # levels of contrast in an empty picture
MANY_FAINT = 0.01  # of the pictures: no longer single mistakes
ROOM = 1.25
HEADERS = 2048  # bytes that a tar needs beside each file


def _rounded_up(number: float, step: int) -> int:
    return -int(-number // step) * step


def decide_limits(pictures: int, size: int) -> Decision:
    """The limits of `fetch` for so many pictures and bytes, where those that ship are too low."""
    values, doubts = {}, []
    megabytes = (size + HEADERS * pictures) / MEGABYTE
    for key, needed, step in (("fetch.max_unpacked_mb", megabytes, 100), ("fetch.max_pictures", pictures, 100_000)):
        values[key] = SHIPPED[key]
        if needed > SHIPPED[key]:
            values[key] = _rounded_up(ROOM * needed, step)
            doubts.append(Doubt(key, f"raised from {SHIPPED[key]}, since the source has {needed:.0f}"))
    return Decision(values, tuple(doubts))


def decide_rows(pictures: int) -> Decision:
    """How many pictures there must be."""
    values = {key: SHIPPED[key] for key in ("validate.min_rows", "validate.max_rows")}
    doubts = []
    if pictures < values["validate.min_rows"]:
        values["validate.min_rows"] = max(pictures * 9 // 10, 1)
        doubts.append(Doubt("validate.min_rows", f"{pictures} pictures are few: the metrics will say little"))
    if pictures > values["validate.max_rows"]:
        values["validate.max_rows"] = _rounded_up(ROOM * pictures, 100_000)
    return Decision(values, tuple(doubts))


def decide_forms(forms: Iterable[Form]) -> Decision:
    """The sizes, where there are few, and the colour modes that occur."""
    known = list(forms)
    sizes, modes = Counter((form.width, form.height) for form in known), Counter(form.mode for form in known)
    values: dict[str, Any] = {
        "validate.sizes": [list(size) for size in sorted(sizes)] if len(sizes) <= FEW_SIZES else [],
        "validate.modes": [mode for mode, _ in sorted(modes.items(), key=lambda item: (-item[1], item[0]))],
    }
    wide = sorted(UNDECODABLE_MODES & modes.keys())
    text = f"pictures of mode {listed(wide)} cannot be read: save them with 8 bits a channel"
    return Decision(values, (Doubt("validate.modes", text),) if wide else ())


def decide_contrast(looks: Sequence[Look]) -> Decision:
    """The least contrast: lower than what ships where many pictures are faint, and not only a few empty ones."""
    least = SHIPPED["validate.min_contrast"]
    faint = [look.contrast for look in looks if BLANK <= look.contrast < least]
    if len(faint) <= MANY_FAINT * len(looks):
        return Decision({"validate.min_contrast": least})
    lowered = int(0.9 * min(faint))
    text = f"lowered from {least}: {len(faint)} of {len(looks)} pictures looked at have less; are they legible?"
    return Decision({"validate.min_contrast": lowered}, (Doubt("validate.min_contrast", text),))
