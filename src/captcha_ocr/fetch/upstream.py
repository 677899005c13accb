"""Whether the public archive still holds the pictures of the pin."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.digest import content_digest, differences, git_blob_id, picture_digests, read_listing
from captcha_ocr.fetch.fetch import Pin, download_archive
from captcha_ocr.fetch.unpack import unpack_zip
from captcha_ocr.params.params import FetchParams


@dataclass(frozen=True)
class UpstreamComparison:
    """The public archive against the pin: names of pictures by what became of them, and whether the zip is the same.

    No picture is named where all are those of the pin; the zip may be another one even then.
    """

    pictures: Mapping[str, list[str]]
    same_zip: bool


def read_pin(path: Path) -> Pin:
    """The pin as data.dvc holds it."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    archive, meta = Path(content["outs"][0]["path"]), content["meta"]
    url, listing = content["deps"][0]["path"], Path(meta["listing"])
    return Pin(url, archive, meta["content_digest"], meta["git_blob"], listing, meta["licence"])


def pinned_digests(pin: Pin) -> dict[str, str]:
    """File name to digest; raises CaptchaOcrError where the listing is not that of the pin."""
    expected = read_listing(pin.listing)
    if content_digest(expected) != pin.content_digest:
        raise CaptchaOcrError(f"{pin.listing} has not the digest {pin.content_digest} of data.dvc: restore it from git")
    return expected


def compare_upstream(pin: Pin, expected: Mapping[str, str], params: FetchParams) -> UpstreamComparison:
    """Downloads the archive anew, to a temporary place, and compares its pictures with `expected`, the pin's.

    Raises CaptchaOcrError where the address gives nothing, or no archive that may be unpacked.
    """
    with TemporaryDirectory() as folder:
        fresh = replace(pin, archive=Path(folder) / pin.archive.name)
        download_archive(fresh, params)
        unpack_zip(fresh.archive, Path(folder) / "raw", params)
        found = picture_digests(Path(folder) / "raw")
        return UpstreamComparison(differences(expected, found), git_blob_id(fresh.archive) == pin.git_blob)
