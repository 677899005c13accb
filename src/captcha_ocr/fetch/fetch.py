"""Obtains the pictures: from the pinned archive, from the user's source, or rendered. Verifies pinned ones."""

from pathlib import Path
from tempfile import TemporaryDirectory

from captcha_ocr.artifacts.pin import Pin
from captcha_ocr.artifacts.provenance import SYNTHETIC_WARNING, Provenance
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.files import replacing
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.digest import git_blob_id
from captcha_ocr.fetch.lookalikes import render_captchas
from captcha_ocr.fetch.packing import Packed, pack
from captcha_ocr.fetch.pin import download_archive, verify
from captcha_ocr.fetch.remote.addresses import is_address, shown
from captcha_ocr.fetch.remote.copies import bring
from captcha_ocr.params.params import FetchParams, TextParams
from captcha_ocr.pictures.input_size import InputSize

FILE_NAMES = "file_names"  # the layout of the pinned archive and of rendered captchas


def _as_named(params: FetchParams) -> FetchParams:
    """The parameters for pictures whose layout the user does not choose."""
    return params.model_copy(update={"layout": FILE_NAMES, "ignore": ()})


def _render(draft: Path, params: FetchParams, text: TextParams) -> Packed:
    """Renders look-alikes, and packs them into `draft`."""
    size = InputSize(params.synthetic_width, params.synthetic_height)
    with TemporaryDirectory() as folder:
        rendered = Path(folder) / "rendered"
        render_captchas(rendered, params.synthetic_count, text, size, params.seed)
        return pack(rendered, draft, _as_named(params), text.model_copy(update={"label_pattern": "(.+)"}))


def _render_instead(
    error: UnreachableError, pin: Pin, draft: Path, params: FetchParams, text: TextParams
) -> Provenance:
    """Packs look-alikes into `draft` with a warning; raises CaptchaOcrError if the parameters forbid it."""
    if params.when_unreachable == "fail":
        raise CaptchaOcrError(
            f"{error}. Copy the archive to {pin.archive}, name pictures of your own in fetch.source, or set "
            "fetch.when_unreachable to synthetic in params.yaml"
        ) from None
    banner = "!" * 100
    print(
        f"{banner}\n{error}.\n{SYNTHETIC_WARNING}\nFor the real pictures, copy the archive to {pin.archive}.\n{banner}"
    )
    packed = _render(draft, params, text)
    return packed.provenance("synthetic", f"rendered, seed {params.seed}", "none needed")


def _fetch_pinned(pin: Pin, draft: Path, params: FetchParams, text: TextParams) -> Provenance:
    """Packs the pictures of the pinned archive into `draft`; raises CaptchaOcrError if they are not the pinned ones."""
    obtained = f"archive {pin.archive.name}"
    if not pin.archive.exists():
        obtained = f"download from {pin.url}"
        try:
            download_archive(pin, params)
        except UnreachableError as error:
            return _render_instead(error, pin, draft, params, text)
    packed = pack(pin.archive, draft, _as_named(params), text)
    verify(packed.digests, pin)
    return packed.provenance("pinned", obtained, pin.licence, git_blob_id(pin.archive) == pin.git_blob)


def _fetch_own(draft: Path, params: FetchParams, text: TextParams) -> Provenance:
    """Packs the user's pictures into `draft`."""
    if is_address(params.source):
        source, obtained = bring(params.source, params), f"copy of {shown(params.source)}"
    else:
        source, obtained = project_root() / params.source, params.source
    if not source.exists():
        raise CaptchaOcrError(
            f"fetch.source = {params.source!r} does not exist: name a zip, a tar, a folder or a table of your own, or "
            "an address, or leave it empty"
        )
    return pack(source, draft, params, text).provenance("own", obtained, "your own")


def fetch(pin: Pin, pictures: Path, params: FetchParams, text: TextParams) -> Provenance:
    """Packs the pictures into the folder `pictures`; returns their provenance.

    Raises CaptchaOcrError, and leaves `pictures` unchanged, if they cannot be obtained or are not those of the pin.
    """
    with replacing(pictures) as draft:
        if params.source:
            return _fetch_own(draft, params, text)
        return _fetch_pinned(pin, draft, params, text)
