"""Digests of archives and of their pictures."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from captcha_ocr.base.files import sha256_of


def git_blob_id(path: Path) -> str:
    """What git calls the file: the SHA-1 of "blob", its size, a null byte, and its bytes."""
    with path.open("rb") as file:
        digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def picture_digests(folder: Path) -> dict[str, str]:
    """File name to hex SHA-256, sorted by name."""
    return {path.name: sha256_of(path) for path in sorted(folder.iterdir())}


def content_digest(digests: Mapping[str, str]) -> str:
    """SHA-256 of a `sha256sum` listing sorted by name, so the listing's own checksum is the digest."""
    listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def read_listing(path: Path) -> dict[str, str]:
    """File name to digest of a `sha256sum` listing."""
    rows = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in rows}


def differences(expected: Mapping[str, str], found: Mapping[str, str]) -> dict[str, list[str]]:
    """The names that two listings disagree about, sorted, by kind of disagreement; empty where there is none."""
    kinds = {
        "changed": [name for name in expected.keys() & found.keys() if expected[name] != found[name]],
        "missing": expected.keys() - found.keys(),
        "not in the pin": found.keys() - expected.keys(),
    }
    return {kind: sorted(names) for kind, names in kinds.items() if names}
