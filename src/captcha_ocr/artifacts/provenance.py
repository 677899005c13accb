"""data/provenance.json: where the pictures came from."""

from typing import Literal

from captcha_ocr.artifacts.formats.json_file import JsonFile

Origin = Literal["pinned", "own", "synthetic"]
SYNTHETIC_WARNING = (
    "THESE ARE NOT THE REAL PICTURES: the archive could not be reached, so look-alikes were rendered. "
    "All metrics of this run are about them."
)


class Provenance(JsonFile):
    """Where the pictures came from, and a digest that identifies them.

    origin: `pinned` is the archive of data.dvc, `own` are the user's pictures, `synthetic` are rendered look-alikes.
    obtained: in words, how they were obtained. content_digest: SHA-256 of a `sha256sum` listing of the pictures, sorted
    by name. labels_digest: SHA-256 of all labels and splits, sorted by name. bytes: of all pictures together.
    same_zip_as_public: whether the archive equals the public file byte by byte; None unless `pinned`.
    """

    file_name, written_by = "provenance.json", "fetch"

    origin: Origin
    obtained: str
    licence: str
    content_digest: str
    labels_digest: str
    pictures: int
    bytes: int
    same_zip_as_public: bool | None = None

    @property
    def is_synthetic(self) -> bool:
        """Whether the pictures are rendered look-alikes."""
        return self.origin == "synthetic"
