"""Assigns each picture to training, validation or the held-out fold, for one fit of cross-validation."""

from captcha_ocr.artifacts.manifest import Manifest
from captcha_ocr.artifacts.splits import Side, Splits
from captcha_ocr.split.assignment import check_splits, hash_position


def side_in_fold(pixels_sha256: str, seed: int, fold: int, folds: int, validation: float) -> Side:
    """The split of one picture in the fit that holds out fold `fold` of `folds`. It is "test" in exactly one fold.

    `validation` is a share of the pictures that are not held out.
    """
    if int(hash_position(f"fold {seed}", pixels_sha256) * folds) == fold:
        return "test"
    # A second hash: with the first one, all validation pictures would come from fold 0.
    return "validation" if hash_position(f"validation {seed}", pixels_sha256) < validation else "train"


def assign_fold(manifest: Manifest, seed: int, fold: int, folds: int, validation: float, alphabet: str) -> Splits:
    """Assigns every picture by `side_in_fold`; raises CaptchaOcrError as `check_splits` does."""
    sides = manifest.pixels_sha256.map(lambda digest: side_in_fold(digest, seed, fold, folds, validation))
    splits = Splits(manifest.file, manifest.label, sides)
    check_splits(splits, alphabet)
    return splits
