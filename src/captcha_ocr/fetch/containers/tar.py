"""The files of an untrusted tar, packed or not."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import CHUNK, Budget, unpacked
from captcha_ocr.fetch.containers.names import max_files, too_many, wanted_names
from captcha_ocr.params.params import FetchParams

# How a packed tar begins, whatever its name is.
OPENERS: dict[bytes, Callable[..., Any]] = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\0": lzma.open}
TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
MAX_HEADER = 1 << 16  # bytes that describe one file; tarfile reads as many as the archive tells it to
# What tarfile and the decompressors raise for damaged bytes: besides errors of their own, whatever a wrong number leads
# to. RecursionError: thousands of headers for one file. MemoryError: a dictionary of gigabytes.
DAMAGE = (
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    ArithmeticError,
    LookupError,
    RecursionError,
    MemoryError,
)


def _unsound(archive: str | Path, error: BaseException) -> CaptchaOcrError:
    why = ascii(f"{type(error).__name__}: {error}")[1:-1]  # without control characters of the archive's
    return CaptchaOcrError(f"{archive} is not a sound tar ({why}): delete it and fetch it again")


def _plain(archive: Path, folder: Path, budget: Budget) -> Path:
    """The archive itself, or an unpacked copy in `folder`: single files can be read only from an unpacked tar."""
    with archive.open("rb") as file:
        head = file.read(8)
    opener = next((opener for magic, opener in OPENERS.items() if head.startswith(magic)), None)
    if opener is None:
        return archive
    written, packed = 0, archive.stat().st_size
    with opener(archive, "rb") as source, (folder / "plain.tar").open("xb") as sink:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            budget.spend(len(chunk), "the archive")
            budget.check_ratio(written, packed, "the archive")
            sink.write(chunk)
    return folder / "plain.tar"


class _Headers(io.BufferedReader):
    """A tar of which tarfile reads the headers, no more than MAX_HEADER bytes for each file."""

    left = MAX_HEADER

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= self.left:
            raise ValueError(f"a header of more than {MAX_HEADER} bytes")
        self.left -= size
        return super().read(size)


@dataclass(frozen=True)
class _Span:
    """Where a file lies in a tar, in bytes."""

    start: int
    size: int


@dataclass(frozen=True)
class TarFiles:
    """As `Files` describes it."""

    place: str
    names: list[str]
    tar: BinaryIO
    spans: dict[str, _Span]
    folder: Path

    def size(self, name: str) -> int:
        return self.spans[name].size

    def read(self, name: str) -> bytes:
        span = self.spans[name]
        try:
            self.tar.seek(span.start)
            content = self.tar.read(span.size)
        except DAMAGE as error:
            raise _unsound(self.place, error) from None
        if len(content) != span.size:
            raise _unsound(self.place, EOFError(f"{name} is cut off"))
        return content

    def local(self, name: str) -> Path:
        return unpacked(self.folder / "files", name, lambda: self.read(name))


def _check_end(headers: _Headers, offset: int) -> None:
    """Raises EOFError or ValueError unless nothing but null bytes, a block at least, follows the last file.

    tarfile takes a damaged header for the end, and what follows it would be left out silently.
    """
    headers.seek(offset)
    headers.left = tarfile.BLOCKSIZE
    if headers.read(tarfile.BLOCKSIZE) != bytes(tarfile.BLOCKSIZE):
        raise EOFError("it is cut off, or a header in it is damaged")
    while True:
        headers.left = CHUNK
        chunk = headers.read(CHUNK)
        if chunk.strip(b"\0"):
            raise ValueError("another archive follows its end")
        if not chunk:
            return


class _Tar(tarfile.TarFile):
    members: list[tarfile.TarInfo]  # all that have been read


def _members(path: Path, archive: Path, params: FetchParams) -> Iterator[tarfile.TarInfo]:
    """All that the tar in `path` holds but folders; raises one of DAMAGE, and CaptchaOcrError if it is too much."""
    with _Headers(io.FileIO(path)) as headers, _Tar(fileobj=headers) as tar:
        before = -1
        for _ in range(max_files(params) + 1):
            headers.left = MAX_HEADER
            member = tar.next()
            if member is None:
                _check_end(headers, tar.offset)
                return
            tar.members.clear()  # else each stays in memory, with a copy of all that a global header says
            if member.size < 0 or tar.offset <= before:
                raise ValueError(f"{member.name[:60]!a} has a negative size")
            before = tar.offset
            if not member.isdir():
                yield member
        raise too_many(str(archive), params)


def _spans(path: Path, archive: Path, params: FetchParams) -> dict[str, _Span]:
    """The wanted files by name, which may begin with `./`; raises CaptchaOcrError for a link or an unsafe name."""
    entries = [
        (m.name.removeprefix("./"), _Span(m.offset_data, m.size), m.isfile() and not m.issparse())
        for m in _members(path, archive, params)
    ]
    names = wanted_names((name for name, *_ in entries), str(archive), params)
    kept = set(names)
    links = [name for name, _, is_file in entries if name in kept and not is_file]
    if links:
        raise CaptchaOcrError(f"{archive}: link or special file {listed(sorted(links))}: pack the files themselves")
    spans = {name: span for name, span, _ in entries}
    return {name: spans[name] for name in names}


def _opened(archive: Path, folder: Path, params: FetchParams) -> TarFiles:
    budget = Budget(str(archive), params)
    try:
        plain = _plain(archive, folder, budget)
        spans = _spans(plain, archive, params)
        tar = plain.open("rb")  # open_tar closes it
    except DAMAGE as error:
        raise _unsound(archive, error) from None
    Budget(str(archive), params).spend(sum(span.size for span in spans.values()), "the archive")
    return TarFiles(str(archive), list(spans), tar, spans, folder)


@contextmanager
def open_tar(archive: Path, params: FetchParams) -> Iterator[TarFiles]:
    """The files of `archive`; raises CaptchaOcrError if it is damaged, too large, or has a link or an unsafe name."""
    if not archive.is_file():
        raise CaptchaOcrError(f"{archive} does not exist: name a folder, a zip or a tar")
    with TemporaryDirectory() as folder:
        files = _opened(archive, Path(folder), params)
        with files.tar:
            yield files
