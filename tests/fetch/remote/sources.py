"""What the tests of sources at addresses have in common."""

from pathlib import Path

from captcha_ocr.fetch.remote.copies import bring
from captcha_ocr.params.params import FetchParams
from tests.fetch.sources import SHIPPED

PARAMS = SHIPPED.fetch.model_copy(update={"attempts": 1, "timeout_seconds": 5})


def at(address: str, **changes: object) -> FetchParams:
    """The section fetch for a source at `address`."""
    return PARAMS.model_copy(update={"source": address} | changes)


def brought(address: str, **changes: object) -> dict[str, bytes]:
    """The files of the local copy of what is at `address`, by their paths."""
    place = bring(address, at(address, **changes))
    if place.is_file():
        return {place.name: place.read_bytes()}
    return {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def kept(folder: Path) -> list[str]:
    """The kinds of folders below .cache/sources: `copy` for each complete copy, `draft` for each part of one."""
    found = (folder / ".cache" / "sources").glob("*/*")
    return sorted("draft" if path.suffix == ".draft" else "copy" for path in found)
