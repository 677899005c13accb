"""The files of a folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import MEGABYTE, wanted_names
from captcha_ocr.params.params import FetchParams


@dataclass(frozen=True)
class FolderFiles:
    """As `Files` describes it."""

    place: str
    names: list[str]
    folder: Path

    def read(self, name: str) -> bytes:
        return self.local(name).read_bytes()

    def local(self, name: str) -> Path:
        return self.folder / name


def open_folder(folder: Path, params: FetchParams) -> FolderFiles:
    """The files below `folder`; raises CaptchaOcrError for a link, an unsafe name, or too many bytes."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return folder_files(folder, found, params)


def folder_files(folder: Path, found: Iterable[str], params: FetchParams) -> FolderFiles:
    """The files of `folder` that are called as `found`; raises CaptchaOcrError as `open_folder` does."""
    names = wanted_names(found, str(folder), params)
    links = [name for name in names if (folder / name).is_symlink()]
    if links:
        raise CaptchaOcrError(f"{folder}: link {listed(links)}: replace links by the files themselves")
    size = sum((folder / name).stat().st_size for name in names)
    if size > params.max_unpacked_mb * MEGABYTE:
        raise CaptchaOcrError(
            f"{folder} holds {size / MEGABYTE:.0f} MB, more than fetch.max_unpacked_mb = {params.max_unpacked_mb:g}: "
            "raise it in params.yaml"
        )
    return FolderFiles(str(folder), names, folder)
