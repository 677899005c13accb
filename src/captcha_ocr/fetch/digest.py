"""Digests of archives and of their pictures."""

import hashlib
from collections.abc import Mapping
from pathlib import Path


def git_blob_id(path: Path) -> str:
    """The id that git gives the file: the hex SHA-1 of "blob ", its size, a null byte, and its bytes."""
    with path.open("rb") as file:
        digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def content_digest(digests: Mapping[str, str]) -> str:
    """The hex SHA-256 of a `sha256sum` listing of the files, sorted by name.

    `sha256sum` of a file with that listing therefore gives the same digest.
    """
    listing = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(listing.encode()).hexdigest()


def read_listing(path: Path) -> dict[str, str]:
    """Reads a `sha256sum` listing: the digest of each file by its name."""
    rows = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {name: digest for digest, name in rows}


def differences(expected: Mapping[str, str], actual: Mapping[str, str]) -> dict[str, list[str]]:
    """The names in which two listings differ, sorted, by kind of difference; empty if they are equal."""
    kinds = {
        "changed": [name for name in expected.keys() & actual.keys() if expected[name] != actual[name]],
        "missing": expected.keys() - actual.keys(),
        "not in the pin": actual.keys() - expected.keys(),
    }
    return {kind: sorted(names) for kind, names in kinds.items() if names}
