"""data/manifest.csv: one row a picture, with all that the checks and the split need to know of it."""

from dataclasses import dataclass

from captcha_ocr.artifacts.formats.table import CountsOrMissing, Numbers, Table, Texts


@dataclass(frozen=True, eq=False)
class Manifest(Table):
    """A picture that does not decode has `error`, and nothing that is measured of pixels.

    file: its name. label: from the name; missing where text.label_pattern does not match. mode: Pillow's.
    sha256: of the file; pixels_sha256: equal for pictures that look equal. dark: share of dark pixels.
    contrast: grey levels between the 1st and the 99th percentile. joined_ink: share of the ink in its largest connected
    piece. phash: perceptual hash, hexadecimal.
    """

    file_name, written_by = "manifest.csv", "validate"

    file: Texts
    label: Texts
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
