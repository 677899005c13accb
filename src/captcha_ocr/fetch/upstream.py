"""Whether the public archive still holds the pictures of the pin."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from captcha_ocr.artifacts.pin import Pin
from captcha_ocr.fetch.containers.zip import open_zip
from captcha_ocr.fetch.digest import differences, git_blob_id
from captcha_ocr.fetch.layouts.file_names import entries
from captcha_ocr.fetch.pin import download_archive
from captcha_ocr.params.params import FetchParams, TextParams


@dataclass(frozen=True)
class UpstreamComparison:
    """The public archive against the pin: names of pictures by what became of them, and whether the zip is the same.

    No picture is named where all are those of the pin; the zip may be another one even then.
    """

    pictures: Mapping[str, list[str]]
    same_zip: bool


def compare_upstream(
    pin: Pin, expected: Mapping[str, str], params: FetchParams, text: TextParams
) -> UpstreamComparison:
    """Downloads the archive anew, to a temporary place, and compares its pictures with `expected`, the pin's.

    Raises CaptchaOcrError where the address gives nothing, or no archive that may be unpacked.
    """
    with TemporaryDirectory() as folder:
        fresh = replace(pin, archive=Path(folder) / pin.archive.name)
        download_archive(fresh, params)
        with open_zip(fresh.archive, params) as files:
            found = {e.file: hashlib.sha256(e.read()).hexdigest() for e in entries(files, params, text)}
        return UpstreamComparison(differences(expected, found), git_blob_id(fresh.archive) == pin.git_blob)
