"""The files of an untrusted zip."""

import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import CHUNK, Budget, wanted_names
from captcha_ocr.params.params import FetchParams

DAMAGE = (zipfile.BadZipFile, EOFError, NotImplementedError, zlib.error)


def _check_entries(entries: Sequence[zipfile.ZipInfo], archive: Path) -> None:
    """Raises CaptchaOcrError for a link, a special file or an encrypted entry."""
    links = [e.filename for e in entries if stat.S_IFMT(e.external_attr >> 16) not in (0, stat.S_IFREG)]
    if links:
        raise CaptchaOcrError(f"{archive}: link or special file {listed(links)}: pack the files themselves")
    locked = [e.filename for e in entries if e.flag_bits & 1]
    if locked:
        raise CaptchaOcrError(f"{archive}: encrypted entry {listed(locked)}: pack without a password")


def _unsound(archive: Path, error: Exception) -> CaptchaOcrError:
    return CaptchaOcrError(f"{archive} is not a sound zip ({error}): delete it and fetch it again")


@dataclass(frozen=True)
class ZipFiles:
    """As `Files` describes it. Sizes in the archive's directory are not trusted: bytes are counted while unpacking."""

    place: str
    names: list[str]
    zipped: zipfile.ZipFile
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
                    self.budget.check_ratio(len(content), entry.compress_size, name)
        except DAMAGE as error:
            raise _unsound(Path(self.place), error) from None
        return bytes(content)

    def local(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(name))
        return path


@contextmanager
def open_zip(archive: Path, params: FetchParams) -> Iterator[ZipFiles]:
    """The files of `archive`; raises CaptchaOcrError if it is damaged, encrypted, or has a link or an unsafe name."""
    try:
        zipped = zipfile.ZipFile(archive)
    except DAMAGE as error:
        raise _unsound(archive, error) from None
    with zipped, TemporaryDirectory() as folder:
        entries = [entry for entry in zipped.infolist() if not entry.is_dir()]
        names = wanted_names((entry.filename for entry in entries), str(archive), params)
        kept = set(names)
        _check_entries([entry for entry in entries if entry.filename in kept], archive)
        yield ZipFiles(str(archive), names, zipped, Budget(str(archive), params), Path(folder))
