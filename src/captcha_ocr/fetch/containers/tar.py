"""The files of an untrusted tar, packed or not."""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import CHUNK, Budget, wanted_names
from captcha_ocr.params.params import FetchParams

OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".tgz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
TAR_ENDINGS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
DAMAGE = (tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError)


def _unsound(archive: str | Path, error: Exception) -> CaptchaOcrError:
    return CaptchaOcrError(f"{archive} is not a sound tar ({error}): delete it and fetch it again")


def _plain(archive: Path, folder: Path, budget: Budget) -> Path:
    """The archive itself, or an unpacked copy in `folder`: single files can be read only from an unpacked tar."""
    opener = OPENERS.get(archive.suffix.lower())
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


@dataclass(frozen=True)
class TarFiles:
    """As `Files` describes it."""

    place: str
    names: list[str]
    tar: tarfile.TarFile
    members: dict[str, tarfile.TarInfo]
    folder: Path

    def size(self, name: str) -> int:
        return self.members[name].size

    def read(self, name: str) -> bytes:
        try:
            file = self.tar.extractfile(self.members[name])
            assert file is not None  # only regular files have a name here
            content = file.read()
        except DAMAGE as error:
            raise _unsound(self.place, error) from None
        if len(content) != self.members[name].size:
            raise _unsound(self.place, EOFError(f"{name} is cut off"))
        return content

    def local(self, name: str) -> Path:
        path = self.folder / "files" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(name))
        return path


def _members(tar: tarfile.TarFile, archive: Path, params: FetchParams) -> dict[str, tarfile.TarInfo]:
    """The wanted files by name, which may begin with `./`; raises CaptchaOcrError for a link or an unsafe name."""
    entries = [(member.name.removeprefix("./"), member) for member in tar.getmembers() if not member.isdir()]
    names = wanted_names((name for name, _ in entries), str(archive), params)
    kept = set(names)
    members = {name: member for name, member in entries if name in kept}
    links = [name for name in names if not members[name].isfile()]
    if links:
        raise CaptchaOcrError(f"{archive}: link or special file {listed(links)}: pack the files themselves")
    return {name: members[name] for name in names}


def _opened(archive: Path, folder: Path, params: FetchParams) -> TarFiles:
    budget = Budget(str(archive), params)
    try:
        tar = tarfile.open(_plain(archive, folder, budget))  # noqa: SIM115  # open_tar closes it
        members = _members(tar, archive, params)
    except DAMAGE as error:
        raise _unsound(archive, error) from None
    if archive.suffix.lower() not in OPENERS:
        budget.spend(sum(member.size for member in members.values()), "the archive")
    return TarFiles(str(archive), list(members), tar, members, folder)


@contextmanager
def open_tar(archive: Path, params: FetchParams) -> Iterator[TarFiles]:
    """The files of `archive`; raises CaptchaOcrError if it is damaged, too large, or has a link or an unsafe name."""
    if not archive.is_file():
        raise CaptchaOcrError(f"{archive} does not exist: name a folder, a zip or a tar")
    with TemporaryDirectory() as folder:
        files = _opened(archive, Path(folder), params)
        with files.tar:
            yield files
