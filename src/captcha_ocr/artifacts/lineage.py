"""Data lineage: what stays the same of a data set when pictures are added to it or its place changes."""

import re
import unicodedata
from pathlib import PurePosixPath

from captcha_ocr.artifacts.provenance import Origin

ENDINGS = re.compile(r"\.(zip|tar|tgz|gz|bz2|xz|parquet|csv|tsv|jsonl?|txt)$")
UNNAMED = "pictures"


def source_name(source: str) -> str:
    """A short name for a source: the last part of its path or address, in lower case, without endings of archives.

    It consists of the letters a to z, digits and hyphens, and is never empty.
    """
    name = PurePosixPath(source.partition("?")[0]).name.lower()
    while shorter := ENDINGS.sub("", name):
        if shorter == name:
            break
        name = shorter
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or UNNAMED


def lineage(origin: Origin, source: str) -> str:
    """The data set that pictures belong to: `pinned`, `synthetic`, or `own: ` and the name of the source."""
    return f"own: {source_name(source)}" if origin == "own" else origin
