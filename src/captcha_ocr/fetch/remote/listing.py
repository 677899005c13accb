"""What lies at an address just now, without downloading it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import fsspec

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.containers.names import wanted_names
from captcha_ocr.fetch.deadline import within
from captcha_ocr.fetch.download import size_and_version
from captcha_ocr.fetch.remote.addresses import check_address, shown, without_queries
from captcha_ocr.params.params import FetchParams

# What changes with the content of a file, by the names that S3 and Hugging Face's hub give it, the surest first.
VERSIONS = ("ETag", "blob_id", "LastModified")


@dataclass(frozen=True)
class RemoteFile:
    """A file at an address.

    name: its path below the address, or its last part where the address is that of the file. size: in bytes, None where
    the server does not tell it. version: changes with the content. path: as the file system calls it.
    """

    name: str
    size: int | None
    version: str
    path: str = ""


@dataclass(frozen=True)
class Listing:
    """All files at an address, sorted by name. `is_folder` tells whether the address is that of a folder."""

    files: tuple[RemoteFile, ...]
    is_folder: bool

    @cached_property
    def state(self) -> str:
        """A fingerprint of names, sizes and versions."""
        lines = [f"{self.is_folder}", *(f"{file.name}\t{file.size}\t{file.version}" for file in self.files)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def file_system(address: str, params: FetchParams) -> fsspec.AbstractFileSystem:
    """The file system of an address, with credentials from where its library looks for them.

    Raises CaptchaOcrError if the library is not installed.
    """
    scheme = urlsplit(address).scheme
    timeouts = {"connect_timeout": params.timeout_seconds, "read_timeout": params.timeout_seconds}
    options = {"config_kwargs": {**timeouts, "retries": {"max_attempts": params.attempts}}} if scheme == "s3" else {}
    try:
        return fsspec.filesystem(scheme, skip_instance_cache=True, **options)
    except ImportError:
        raise CaptchaOcrError(
            f"{shown(address)} needs a library that is not installed: pip install '.[train,remote]'"
        ) from None


def _version(info: Mapping[str, Any]) -> str:
    return next((str(info[key]) for key in VERSIONS if info.get(key)), "")


def _look_https(address: str, params: FetchParams) -> Listing:
    name = unquote(PurePosixPath(urlsplit(address).path).name)
    wanted_names([name or ".."], shown(address), params)
    size, version = size_and_version(address, params)
    return Listing((RemoteFile(name, size, version),), is_folder=False)


def _look_files(address: str, params: FetchParams) -> Listing:
    files = file_system(address, params)

    def ask() -> tuple[Mapping[str, Any], bool, Mapping[str, Any]]:
        root = files.info(address)
        is_folder = root["type"] == "directory"
        return root, is_folder, files.find(address, detail=True) if is_folder else {root["name"]: root}

    try:
        root, is_folder, found = within(params.max_download_seconds, ask)
    except Exception as error:  # each of these libraries has exceptions of its own
        raise unreachable(address, error) from None
    above = (root["name"] if is_folder else PurePosixPath(root["name"]).parent.as_posix()).rstrip("/")
    infos = {path.removeprefix(f"{above}/"): info for path, info in found.items() if path != above}
    names = wanted_names(infos, shown(address), params)
    if not names:
        raise CaptchaOcrError(f"{shown(address)} holds nothing: correct fetch.source in params.yaml")
    listed = (RemoteFile(n, infos[n]["size"], _version(infos[n]), infos[n]["name"]) for n in names)
    return Listing(tuple(listed), is_folder=is_folder)


def unreachable(address: str, error: Exception) -> UnreachableError:
    """What to say of an error of a library for remote files, without anything secret."""
    said = next(iter(without_queries(str(error)).splitlines()), "")[:500]
    return UnreachableError(f"{shown(address)} could not be reached: {type(error).__name__}: {said}")


def look(address: str, params: FetchParams) -> Listing:
    """What lies at an address; raises UnreachableError if that cannot be learnt, CaptchaOcrError if not allowed."""
    check_address(address)
    return (_look_https if urlsplit(address).scheme == "https" else _look_files)(address, params)
