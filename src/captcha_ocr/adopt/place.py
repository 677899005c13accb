"""Where a source lies: a path of this machine, or the local copy of what is at an address."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from captcha_ocr.adopt.decision import Decision, Doubt
from captcha_ocr.adopt.record import SHIPPED
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.containers.files import MEGABYTE
from captcha_ocr.fetch.outputs import check_place
from captcha_ocr.fetch.remote.addresses import check_address, is_address
from captcha_ocr.fetch.remote.copies import bring
from captcha_ocr.fetch.remote.listing import look
from captcha_ocr.params.params import FetchParams

LIMIT = "fetch.max_download_mb"


def as_parameter(source: str) -> str:
    """The value of fetch.source: an address, or a path, relative where it lies in the project.

    Raises CaptchaOcrError for an address that is not allowed, and for a path where nothing is or stages write.
    """
    if is_address(source):
        check_address(source)
        return source
    path = Path(source).expanduser()
    if not source or not path.exists():
        raise CaptchaOcrError(f"{source!r} does not exist: name a zip, a tar, a folder, a table or an address")
    root = project_root()
    inside = path.resolve().is_relative_to(root) and path.resolve() != root
    name = (path.resolve().relative_to(root) if inside else path.resolve()).as_posix()
    check_place(name, "fetch.source")
    return name


def _megabytes_at(address: str, params: FetchParams) -> float:
    """What the address holds as far as it says so; 0 where it cannot be reached, and a copy may be used."""
    try:
        return sum(file.size or 0 for file in look(address, params).files) / MEGABYTE
    except UnreachableError:
        return 0


def locate_source(source: str, params: FetchParams, kept: Mapping[str, Any]) -> tuple[Path, Decision]:
    """The path of the source, copied if it is at an address, and the limit on downloads that this needs.

    Raises CaptchaOcrError as `bring` does.
    """
    unchanged = Decision({LIMIT: SHIPPED[LIMIT]})
    if not is_address(source):
        return project_root() / source, unchanged
    size = _megabytes_at(source, params)
    if size <= SHIPPED[LIMIT] or LIMIT in kept:
        return bring(source, params.model_copy(update={"max_download_mb": kept.get(LIMIT, SHIPPED[LIMIT])})), unchanged
    limit = -int(-1.25 * size // 100) * 100
    raised = (Doubt(LIMIT, f"raised from {SHIPPED[LIMIT]}, since the source has {size:.0f}"),)
    return bring(source, params.model_copy(update={"max_download_mb": limit})), Decision({LIMIT: limit}, raised)
