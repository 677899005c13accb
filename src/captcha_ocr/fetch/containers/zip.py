"""The files of an untrusted zip."""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import CHUNK, Budget, unpacked
from captcha_ocr.fetch.containers.names import max_files, too_many, wanted_names
from captcha_ocr.params.params import FetchParams

# What zipfile and the decompressors raise for damaged bytes: besides errors of their own, whatever a wrong length, name
# or offset leads to. RuntimeError: an encryption that it does not know. MemoryError: a dictionary of gigabytes.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    ArithmeticError,
    LookupError,
    RuntimeError,
    MemoryError,
    struct.error,
)
# Of what other methods have packed zipfile unpacks all that it has read at once: bzip2 makes gigabytes of 4 KB.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _check_entries(entries: Sequence[zipfile.ZipInfo], archive: Path) -> None:
    """Raises CaptchaOcrError for a link, a special file, an encrypted entry, and one packed in an unusual way."""
    links = [e.filename for e in entries if stat.S_IFMT(e.external_attr >> 16) not in (0, stat.S_IFREG)]
    if links:
        raise CaptchaOcrError(f"{archive}: link or special file {listed(links)}: pack the files themselves")
    locked = [e.filename for e in entries if e.flag_bits & 1]
    if locked:
        raise CaptchaOcrError(f"{archive}: encrypted entry {listed(locked)}: pack without a password")
    unusual = [f"{e.filename} (method {e.compress_type})" for e in entries if e.compress_type not in METHODS]
    if unusual:
        raise CaptchaOcrError(f"{archive}: unusual compression: {listed(unusual)}: pack with deflate, as zip does")


def _unsound(archive: Path, error: BaseException) -> CaptchaOcrError:
    return CaptchaOcrError(f"{archive} is not a sound zip ({_why(error)}): delete it and fetch it again")


def _why(error: BaseException) -> str:
    """What an error says, without control characters of the archive's."""
    return f"{type(error).__name__}: {ascii(str(error))[1:-1]}"


class _Entries(list[zipfile.ZipInfo]):
    """The entries of an archive, counted as they are read: its directory may lie about their number."""

    def __init__(self, archive: Path, params: FetchParams) -> None:
        super().__init__()
        self.archive, self.params, self.most = archive, params, max_files(params)

    def append(self, entry: zipfile.ZipInfo) -> None:
        if len(self) == self.most:
            raise too_many(str(self.archive), self.params)
        super().append(entry)


class _Zip(zipfile.ZipFile):
    """An archive that is given up when it has too many entries, and not after all of them are in memory."""

    def __init__(self, archive: Path, params: FetchParams) -> None:
        self._entries = _Entries(archive, params)
        super().__init__(archive)

    @property
    def filelist(self) -> _Entries:
        return self._entries

    @filelist.setter
    def filelist(self, _: list[zipfile.ZipInfo]) -> None:
        """ZipFile begins with a list of its own, which stays unused."""


@dataclass(frozen=True)
class ZipFiles:
    """As `Files` describes it. Sizes in the archive's directory are not trusted: bytes are counted while unpacking."""

    place: str
    names: list[str]
    zipped: zipfile.ZipFile
    packed: int
    budget: Budget
    folder: Path

    def size(self, name: str) -> int:
        return self.zipped.getinfo(name).file_size

    def read(self, name: str) -> bytes:
        entry, content = self.zipped.getinfo(name), bytearray()
        try:
            with self.zipped.open(entry) as source:
                while chunk := source.read(CHUNK):
                    content += chunk
                    self.budget.spend(len(chunk), name)
                    self.budget.check_ratio(len(content), min(entry.compress_size, self.packed), name)
        except DAMAGE as error:
            raise _unsound(Path(self.place), error) from None
        return bytes(content)

    def local(self, name: str) -> Path:
        return unpacked(self.folder, name, lambda: self.read(name))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name as the archive has it: zipfile cuts it at a null byte."""
    return entry.orig_filename if "\0" in entry.orig_filename else entry.filename


@contextmanager
def open_zip(archive: Path, params: FetchParams) -> Iterator[ZipFiles]:
    """The files of `archive`; raises CaptchaOcrError if it is damaged, encrypted, or has a link or an unsafe name."""
    try:
        zipped = _Zip(archive, params)
    except DAMAGE as error:
        raise _unsound(archive, error) from None
    with zipped, TemporaryDirectory() as folder:
        entries = [entry for entry in zipped.infolist() if not entry.filename.endswith("/")]
        names = wanted_names(map(_name, entries), str(archive), params)
        kept = set(names)
        _check_entries([entry for entry in entries if entry.filename in kept], archive)
        size = archive.stat().st_size
        yield ZipFiles(str(archive), names, zipped, size, Budget(str(archive), params), Path(folder))
