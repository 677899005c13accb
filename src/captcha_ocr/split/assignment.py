"""Which picture trains, validates or tests: decided by its pixels alone."""

import hashlib

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import SIDES, Side, Splits
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import SplitParams


def hash_position(salt: str, pixels_sha256: str) -> float:
    """A number in [0, 1) that looks random, and is the same for equal pixels and an equal salt."""
    digest = hashlib.sha256(f"{salt}:{pixels_sha256}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def side_of(pixels_sha256: str, params: SplitParams) -> Side:
    """The side of one picture: a seeded hash of its pixels, read as a number in [0, 1), against fixed thresholds.

    No other picture is looked at, so adding pictures moves none of the old ones and equal pictures land on
    one side. The price is that the proportions hold only to within binomial noise; ranking the hashes would
    hold them exactly, and move pictures at the borders whenever some are added.
    """
    position = hash_position(str(params.seed), pixels_sha256)
    if position < params.test:
        return "test"
    return "validation" if position < params.test + params.validation else "train"


def check_splits(splits: Splits, alphabet: str) -> None:
    """Raises CaptchaOcrError for an empty side, or for a symbol that no training label holds."""
    empty = [side for side in SIDES if side not in set(splits.split)]
    if empty:
        raise CaptchaOcrError(
            f"split {listed(empty)} is empty with {len(splits)} pictures: "
            "add pictures, or raise split.validation or split.test in params.yaml"
        )
    seen = set("".join(splits.label[splits.split == "train"]))
    missing = [symbol for symbol in alphabet if symbol not in seen]
    if missing:
        raise CaptchaOcrError(
            f"no training label holds {listed(missing)}: the model could never read it. Add pictures with it, "
            "remove it from text.alphabet, or choose another split.seed in params.yaml"
        )


def assign(manifest: Manifest, params: SplitParams, alphabet: str) -> Splits:
    """Every picture of the manifest on its side; raises CaptchaOcrError as `check_splits` does."""
    sides = manifest.pixels_sha256.map(lambda digest: side_of(digest, params))
    splits = Splits(manifest.file, manifest.label, sides)
    check_splits(splits, alphabet)
    return splits
