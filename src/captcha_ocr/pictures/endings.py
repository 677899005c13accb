"""Which files count as pictures: by the ending of the name."""

import posixpath

# A file in a folder or an archive counts as a picture if its name has one of these endings.
PICTURE_ENDINGS = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def is_picture_name(name: str) -> bool:
    """Whether a file's name has the ending of a picture."""
    return posixpath.splitext(name)[1].lower() in PICTURE_ENDINGS
