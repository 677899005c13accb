"""data/provenance.json: where the pictures came from."""

from typing import Literal

from captcha_ocr.artifacts.formats.json_file import JsonFile

SYNTHETIC_WARNING = (
    "THESE ARE NOT THE REAL PICTURES: the archive could not be reached, so look-alikes were rendered. "
    "All metrics of this run are about them."
)


class Provenance(JsonFile):
    """`pinned`: the archive of data.dvc; `own`: the user's pictures; `synthetic`: rendered look-alikes.

    content_digest: SHA-256 of a `sha256sum` listing of the pictures, sorted by name. same_zip_as_public: of the pinned
    archive only, whether it is the public file to the byte.
    """

    file_name, written_by = "provenance.json", "fetch"

    origin: Literal["pinned", "own", "synthetic"]
    obtained: str
    licence: str
    content_digest: str
    pictures: int
    bytes: int
    same_zip_as_public: bool | None = None

    @property
    def is_synthetic(self) -> bool:
        """Whether the pictures are rendered look-alikes."""
        return self.origin == "synthetic"
