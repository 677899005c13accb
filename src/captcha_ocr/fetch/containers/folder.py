"""The files of a folder."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.fetch.containers.files import MEGABYTE
from captcha_ocr.fetch.containers.names import wanted_names
from captcha_ocr.fetch.walking import walk
from captcha_ocr.params.params import FetchParams


@dataclass(frozen=True)
class FolderFiles:
    """As `Files` describes it."""

    place: str
    names: list[str]
    folder: Path

    def size(self, name: str) -> int:
        return self.local(name).stat().st_size

    def read(self, name: str) -> bytes:
        try:
            return self.local(name).read_bytes()
        except OSError as error:
            raise CaptchaOcrError(
                f"{self.local(name)} cannot be read ({error.strerror}): give permission, or run the command again"
            ) from None

    def local(self, name: str) -> Path:
        return self.folder / name


def open_folder(folder: Path, params: FetchParams) -> FolderFiles:
    """The files below `folder`; raises CaptchaOcrError for a link, an unsafe name, or too many bytes."""
    return folder_files(folder, names_below(folder), params)


def names_below(folder: Path) -> Iterator[str]:
    """The files and links below `folder`, as relative paths with forward slashes. Links are not followed."""
    for place, folders, names in walk(folder):
        below = Path(place).relative_to(folder).as_posix()
        prefix = "" if below == "." else f"{below}/"
        yield from (prefix + name for name in names)
        yield from (prefix + name for name in folders if (Path(place) / name).is_symlink())


def folder_files(folder: Path, found: Iterable[str], params: FetchParams) -> FolderFiles:
    """The files of `folder` that are called as `found`; raises CaptchaOcrError as `open_folder` does."""
    names = wanted_names(found, str(folder), params)
    states = {name: os.lstat(f"{folder}/{name}") for name in names}
    links = [name for name, state in states.items() if not stat.S_ISREG(state.st_mode)]
    if links:
        raise CaptchaOcrError(f"{folder}: link or special file {listed(links)}: replace links by the files themselves")
    size = sum(state.st_size for state in states.values())
    if size > params.max_unpacked_mb * MEGABYTE:
        raise CaptchaOcrError(
            f"{folder} holds {size / MEGABYTE:.0f} MB, more than fetch.max_unpacked_mb = {params.max_unpacked_mb:g}: "
            "raise it in params.yaml"
        )
    return FolderFiles(str(folder), names, folder)
