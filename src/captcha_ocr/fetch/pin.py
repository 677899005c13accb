"""The pinned archive: its download, and whether pictures are those of the pin."""

from collections.abc import Mapping

from captcha_ocr.artifacts.pin import Pin
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.digest import content_digest, differences, read_listing
from captcha_ocr.fetch.download import download
from captcha_ocr.params.params import FetchParams


def pinned_digests(pin: Pin) -> dict[str, str]:
    """The digest of each pinned picture by its name; raises CaptchaOcrError where the listing is not the pin's."""
    expected = read_listing(pin.listing)
    if content_digest(expected) != pin.content_digest:
        raise CaptchaOcrError(f"{pin.listing} has not the digest {pin.content_digest} of data.dvc: restore it from git")
    return expected


def download_archive(pin: Pin, params: FetchParams) -> None:
    """Downloads the archive to `pin.archive`; raises as `download` does."""
    download(pin.url, pin.archive, params, b"PK" if pin.archive.suffix.lower() == ".zip" else b"")


def verify(digests: Mapping[str, str], pin: Pin) -> None:
    """Raises CaptchaOcrError, naming the pictures that differ, if they are not those of the pin."""
    actual = content_digest(digests)
    if actual == pin.content_digest:
        return
    expected = read_listing(pin.listing) if pin.listing.exists() else {}
    kinds = differences(expected, digests).items() if content_digest(expected) == pin.content_digest else ()
    details = "; ".join(f"{kind}: {listed(names)}" for kind, names in kinds) or "no listing to compare with"
    raise CaptchaOcrError(
        f"{pin.archive}: its pictures have the digest {actual}, not {pin.content_digest} as data.dvc pins ({details}). "
        "Delete the archive to download it again; to train on pictures of your own, name them in fetch.source"
    )
