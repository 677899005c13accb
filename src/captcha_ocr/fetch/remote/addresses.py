"""Addresses of sources: which are allowed, and how they are written in messages and records."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from captcha_ocr.base.errors import CaptchaOcrError

SCHEMES = ("https", "s3", "hf")


def is_address(source: str) -> bool:
    """Whether fetch.source is an address, and no path."""
    return "://" in source


def _parts(address: str) -> SplitResult:
    """The parts of an address; raises CaptchaOcrError if it has none."""
    try:
        return urlsplit(address)
    except ValueError:  # a bracket without its other
        raise CaptchaOcrError(f"{address.partition('?')[0]!r} is no address: correct it in fetch.source") from None


def shown(address: str) -> str:
    """The address without what may be secret: a query, a user and a password."""
    parts = _parts(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "…" if parts.query else "", ""))


def without_queries(text: str) -> str:
    """A text without the queries of the addresses in it, which may be signatures."""
    return re.sub(r"(\w+://[^\s?'\"]*)\?[^\s'\"]*", r"\1?…", text)


def check_address(address: str) -> None:
    """Raises CaptchaOcrError for a scheme that is none of SCHEMES, and for a password in the address."""
    parts = _parts(address)
    if parts.scheme not in SCHEMES:
        raise CaptchaOcrError(
            f"fetch.source = {shown(address)!r} is no address with {', '.join(f'{scheme}://' for scheme in SCHEMES)}: "
            "name one, or a zip, a tar or a folder"
        )
    if "@" in parts.netloc:
        raise CaptchaOcrError(
            f"fetch.source = {shown(address)!r} holds a password: keep it out of params.yaml; docs/sources.md says "
            "where the libraries look for it"
        )
