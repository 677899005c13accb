"""Which picture trains, validates or is held out in a fit of cross-validation."""

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import Side, Splits
from captcha_ocr.split.assignment import check_splits, hash_position


def side_in_fold(pixels_sha256: str, seed: int, fold: int, folds: int, validation: float) -> Side:
    """The side of one picture where fold `fold` of `folds` is held out: "test" in just one of them.

    `validation` is a share of the pictures that are not held out.
    """
    if int(hash_position(f"fold {seed}", pixels_sha256) * folds) == fold:
        return "test"
    # A hash of its own: the pictures just above a border are not all validation.
    return "validation" if hash_position(f"validation {seed}", pixels_sha256) < validation else "train"


def assign_fold(manifest: Manifest, seed: int, fold: int, folds: int, validation: float, alphabet: str) -> Splits:
    """Every picture on its side, as `side_in_fold` has it; raises CaptchaOcrError as `check_splits` does."""
    sides = manifest.pixels_sha256.map(lambda digest: side_in_fold(digest, seed, fold, folds, validation))
    splits = Splits(manifest.file, manifest.label, sides)
    check_splits(splits, alphabet)
    return splits
