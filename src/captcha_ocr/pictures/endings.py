"""Which picture formats are read, and which files count as pictures: by the ending of the name."""

import posixpath

# By Pillow's names, the frequent ones first. Pillow knows some forty formats, and tells them by the content of a file,
# whatever its name is. The others stay closed: some run programs (EPS starts Ghostscript), and each is a further
# decoder that gets bytes of strangers. TIFF is read since scanners write it.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
# A file in a folder or an archive counts as a picture if its name has one of these endings.
PICTURE_ENDINGS = frozenset({".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"})


def is_picture_name(name: str) -> bool:
    """Whether a file's name has the ending of a picture."""
    return posixpath.splitext(name)[1].lower() in PICTURE_ENDINGS
