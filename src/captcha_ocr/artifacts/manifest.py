"""data/manifest.csv: one row for each picture, with what the checks and the split need."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import CountsOrMissing, Numbers, Table, Texts


@dataclass(frozen=True, eq=False)
class Manifest(Table):
    """One row for each picture. A picture that cannot be decoded has an `error`, and its columns about pixels are
    empty.

    file: its name in the data set. label: missing where the source gives none. given_split: the split that the source
    assigns the picture to; empty where it assigns none. width, height: in pixels. mode: Pillow's colour mode. bytes:
    size of the file. sha256: of the file. pixels_sha256: of the decoded pixels, equal for pictures that look equal.
    dark: share of pixels darker than half. contrast: how far the darkest and the brightest spots
    differ, each against its surroundings, in grey levels; validate/levels.py defines it. joined_ink:
    share of the ink in its largest connected piece. phash: perceptual hash, hexadecimal.
    """

    file_name, written_by = "manifest.csv", "validate"

    file: Texts
    label: Texts
    given_split: Texts
    width: CountsOrMissing
    height: CountsOrMissing
    mode: Texts
    bytes: CountsOrMissing
    sha256: Texts
    pixels_sha256: Texts
    error: Texts
    dark: Numbers
    contrast: Numbers
    joined_ink: Numbers
    phash: Texts
