"""Obtains the pictures: from the pinned archive, from the user's zip or folder, or rendered. Verifies pinned ones."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from captcha_ocr.artifacts.provenance import SYNTHETIC_WARNING, Provenance
from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.base.files import replacing
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.digest import content_digest, differences, git_blob_id, picture_digests, read_listing
from captcha_ocr.fetch.download import UnreachableError, download
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.fetch.unpack import copy_folder, unpack_zip
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.input_size import InputSize


@dataclass(frozen=True)
class Pin:
    """The archive that data.dvc names.

    url: where it can be downloaded. archive: where it is kept locally. content_digest: of the pictures in it, as
    `digest.content_digest` computes it. git_blob: the git id of the public file. listing: a `sha256sum` listing of the
    pictures.
    """

    url: str
    archive: Path
    content_digest: str
    git_blob: str
    listing: Path
    licence: str


def download_archive(pin: Pin, params: FetchParams) -> None:
    """Downloads the archive to `pin.archive`; raises as `download` does."""
    download(
        pin.url,
        pin.archive,
        attempts=params.attempts,
        timeout_seconds=params.timeout_seconds,
        max_mb=params.max_download_mb,
    )


def _verify(digests: dict[str, str], pin: Pin) -> None:
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


def _unpack_own(source: Path, draft: Path, params: FetchParams) -> None:
    """Copies or unpacks the user's pictures into `draft`."""
    if source.is_dir():
        copy_folder(source, draft, params)
    elif source.is_file():
        unpack_zip(source, draft, params)
    else:
        raise CaptchaOcrError(
            f"fetch.source = {str(source)!r} does not exist: name a zip or a folder, or leave it empty"
        )


def _render_instead(error: UnreachableError, pin: Pin, draft: Path, params: FetchParams, text: TextParams) -> None:
    """Renders look-alikes into `draft` with a warning, or raises CaptchaOcrError if the parameters forbid it."""
    if params.when_unreachable == "fail":
        raise CaptchaOcrError(
            f"{error}. Copy the archive to {pin.archive}, name pictures of your own in fetch.source, or set "
            "fetch.when_unreachable to synthetic in params.yaml"
        ) from None
    banner = "!" * 100
    print(
        f"{banner}\n{error}.\n{SYNTHETIC_WARNING}\nFor the real pictures, copy the archive to {pin.archive}.\n{banner}"
    )
    size = InputSize(params.synthetic_width, params.synthetic_height)
    render_captchas(draft, params.synthetic_count, text, size, params.seed)


@dataclass(frozen=True)
class _Origin:
    """The fields of Provenance that depend on the source."""

    origin: Literal["pinned", "own", "synthetic"]
    obtained: str
    licence: str


def _obtain(pin: Pin, draft: Path, params: FetchParams, text: TextParams) -> _Origin:
    """Puts the pictures into the new folder `draft`; returns where they came from."""
    if params.source:
        _unpack_own(project_root() / params.source, draft, params)
        return _Origin("own", params.source, "your own")
    obtained = f"archive {pin.archive.name}"
    if not pin.archive.exists():
        obtained = f"download from {pin.url}"
        try:
            download_archive(pin, params)
        except UnreachableError as error:
            _render_instead(error, pin, draft, params, text)
            return _Origin("synthetic", f"rendered, seed {params.seed}", "none needed")
    unpack_zip(pin.archive, draft, params)
    return _Origin("pinned", obtained, pin.licence)


def fetch(pin: Pin, raw: Path, params: FetchParams, text: TextParams) -> Provenance:
    """Puts the pictures into the folder `raw`, without subfolders; returns their provenance.

    Raises CaptchaOcrError, and leaves `raw` unchanged, if they cannot be obtained or are not those of the pin.
    """
    with replacing(raw) as draft:
        source = _obtain(pin, draft, params, text)
        digests = picture_digests(draft)
        is_pinned = source.origin == "pinned"
        if is_pinned:
            _verify(digests, pin)
        return Provenance(
            **asdict(source),
            content_digest=content_digest(digests),
            pictures=len(digests),
            bytes=sum(path.stat().st_size for path in draft.iterdir()),
            same_zip_as_public=git_blob_id(pin.archive) == pin.git_blob if is_pinned else None,
        )
