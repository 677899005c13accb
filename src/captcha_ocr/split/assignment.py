"""Assigns each picture to training, validation or test: as the source gives it, or by its pixels alone."""

import hashlib

import pandas as pd

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import SIDES, Side, Splits
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import SplitParams


def hash_position(salt: str, pixels_sha256: str) -> float:
    """A pseudo-random number in [0, 1), the same for equal pixels and equal `salt`."""
    digest = hashlib.sha256(f"{salt}:{pixels_sha256}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def side_of(pixels_sha256: str, params: SplitParams) -> Side:
    """The split of one picture: a seeded hash of its pixels, as a number in [0, 1), is compared with fixed thresholds.

    No other picture is considered. So adding pictures moves none of the existing ones, and equal pictures are in the
    same split. The price is that the shares of the splits vary at random. Ranking the hashes would give exact shares,
    but adding pictures would move others across the borders.
    """
    position = hash_position(str(params.seed), pixels_sha256)
    if position < params.test:
        return "test"
    return "validation" if position < params.test + params.validation else "train"


def check_splits(splits: Splits, alphabet: str) -> None:
    """Raises CaptchaOcrError if a split is empty, or if a symbol of the alphabet is in no training label."""
    empty = [side for side in SIDES if side not in set(splits.split)]
    if empty:
        raise CaptchaOcrError(
            f"split {listed(empty)} is empty with {len(splits)} pictures: "
            "add pictures, raise split.validation or split.test in params.yaml, or let the source give other splits"
        )
    trained = set("".join(splits.label[splits.split == "train"]))
    missing = [symbol for symbol in alphabet if symbol not in trained]
    if missing:
        raise CaptchaOcrError(
            f"no training label holds {listed(missing)}: the network could never read it. Add pictures with it, "
            "remove it from text.alphabet, or choose another split.seed in params.yaml"
        )


def _given(manifest: Manifest) -> pd.Series:
    """The split that the source gives each picture, empty where it gives none."""
    return manifest.given_split.fillna("")


def sides(manifest: Manifest, params: SplitParams) -> pd.Series:
    """The split of each picture.

    Where the source gives splits, they hold. A picture without one is then for training. If the source gives no picture
    for validation, or none for the test, these are drawn from the training pictures, as `side_of` draws them. So
    a drawn picture stays where it is when the source begins to give the other split.
    """
    given, drawn = _given(manifest), manifest.pixels_sha256.map(lambda digest: side_of(digest, params))
    fixed = set(given) - {"", "train"}
    from_training = drawn.where(~drawn.isin(fixed), "train")
    return given.where(given.isin(fixed), from_training)


def assign(manifest: Manifest, params: SplitParams, alphabet: str) -> Splits:
    """Assigns every picture of the manifest to a split; raises CaptchaOcrError as `check_splits` does."""
    splits = Splits(manifest.file, manifest.label, sides(manifest, params))
    check_splits(splits, alphabet)
    return splits
