"""Which picture trains, validates or tests: decided by its own content."""

import hashlib
from collections.abc import Sequence

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import SplitParams

SPLITS = ("train", "validation", "test")


def _position(salt: str, pixels_sha256: str) -> float:
    """A number in [0, 1) that looks drawn, and is the same for equal pixels."""
    digest = hashlib.sha256(f"{salt}:{pixels_sha256}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def split_of(pixels_sha256: str, params: SplitParams) -> str:
    """The side of one picture: a seeded hash of its pixels, read as a number in [0, 1), against fixed thresholds.

    No other picture is looked at, so adding pictures moves none of the old ones and equal pictures land on
    one side. The price is that the proportions hold only to within binomial noise; ranking the hashes would
    hold them exactly, and move pictures at the borders whenever some are added.
    """
    position = _position(str(params.seed), pixels_sha256)
    if position < params.test:
        return "test"
    return "validation" if position < params.test + params.validation else "train"


def side_in_fold(pixels_sha256: str, seed: int, fold: int, folds: int, validation: float) -> str:
    """The side of one picture where fold `fold` of `folds` is held out: "test" in just one of them.

    `validation` is a share of the pictures that are not held out.
    """
    if int(_position(f"fold {seed}", pixels_sha256) * folds) == fold:
        return "test"
    # A hash of its own: the pictures just above a border are not all validation.
    return "validation" if _position(f"validation {seed}", pixels_sha256) < validation else "train"


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
