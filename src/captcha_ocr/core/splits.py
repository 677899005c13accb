"""Which picture trains, validates or tests: decided by its own content."""

import hashlib
from collections.abc import Sequence

from captcha_ocr.core.errors import CaptchaOcrError, listed
from captcha_ocr.core.params import SplitParams

SPLITS = ("train", "validation", "test")


def split_of(pixels_sha256: str, params: SplitParams) -> str:
    """The side of one picture: a seeded hash of its pixels, read as a number in [0, 1), against fixed thresholds.

    No other picture is looked at, so adding pictures moves none of the old ones and equal pictures land on
    one side. The price is that the proportions hold only to within binomial noise; ranking the hashes would
    hold them exactly, and move pictures at the borders whenever some are added.
    """
    digest = hashlib.sha256(f"{params.seed}:{pixels_sha256}".encode()).digest()
    position = int.from_bytes(digest[:8], "big") / 2**64
    if position < params.test:
        return "test"
    return "validation" if position < params.test + params.validation else "train"


def check_splits(labels: Sequence[str], splits: Sequence[str], alphabet: str) -> None:
    """Raises CaptchaOcrError for an empty side, or for a symbol that no training label holds."""
    empty = [name for name in SPLITS if name not in splits]
    if empty:
        raise CaptchaOcrError(
            f"split {listed(empty)} is empty with {len(labels)} pictures: "
            "add pictures, or raise split.validation or split.test in params.yaml"
        )
    seen = {symbol for label, side in zip(labels, splits, strict=True) if side == "train" for symbol in label}
    missing = [symbol for symbol in alphabet if symbol not in seen]
    if missing:
        raise CaptchaOcrError(
            f"no training label holds {listed(missing)}: the model could never read it. Add pictures with it, "
            "remove it from text.alphabet, or choose another split.seed in params.yaml"
        )
