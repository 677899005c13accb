"""Copies pictures from an untrusted zip or folder into one folder without subfolders."""

import shutil
import stat
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from captcha_ocr.base.errors import CaptchaOcrError, listed
from captcha_ocr.params.params import FetchParams
from captcha_ocr.pictures.decoding import PICTURE_ENDINGS

# Files that desktop systems leave in archives and folders. They are never pictures, so they are skipped silently.
DESKTOP_NAMES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
MEGABYTE = 1_000_000
CHUNK = 1 << 16


def _is_desktop_file(name: str) -> bool:
    path = PurePosixPath(name)
    return path.parts[:1] == ("__MACOSX",) or path.name in DESKTOP_NAMES


def _check_names(names: Sequence[str], source: Path, params: FetchParams) -> None:
    """Raises CaptchaOcrError unless all names are relative, unique even if case is ignored, and those of pictures.

    There must be at least one, and at most `params.max_pictures`.
    """
    unsafe = [n for n in names if n.startswith("/") or "\\" in n or ":" in n or ".." in PurePosixPath(n).parts]
    if unsafe:
        raise CaptchaOcrError(f"{source}: unsafe path {listed(unsafe)}: pack the pictures with plain relative names")
    foreign = [n for n in names if PurePosixPath(n).suffix.lower() not in PICTURE_ENDINGS]
    if foreign:
        endings = " ".join(sorted(PICTURE_ENDINGS))
        raise CaptchaOcrError(f"{source}: not a picture: {listed(foreign)}: leave only files ending in {endings}")
    first: dict[str, str] = {}
    for name in names:
        key = unicodedata.normalize("NFC", PurePosixPath(name).name).casefold()
        if key in first:
            raise CaptchaOcrError(
                f"{source}: {name} and {first[key]} would be one file where case or folder is ignored: rename one"
            )
        first[key] = name
    if not names:
        raise CaptchaOcrError(f"{source} holds no picture")
    if len(names) > params.max_pictures:
        raise CaptchaOcrError(
            f"{source} holds {len(names)} pictures, more than fetch.max_pictures = {params.max_pictures}: "
            "raise it in params.yaml if the number is right"
        )


def _check_entries(entries: Sequence[zipfile.ZipInfo], archive: Path) -> None:
    """Raises CaptchaOcrError for a link, a special file or an encrypted entry."""
    links = [e.filename for e in entries if stat.S_IFMT(e.external_attr >> 16) not in (0, stat.S_IFREG)]
    if links:
        raise CaptchaOcrError(f"{archive}: link or special file {listed(links)}: pack the pictures themselves")
    locked = [e.filename for e in entries if e.flag_bits & 1]
    if locked:
        raise CaptchaOcrError(f"{archive}: encrypted entry {listed(locked)}: pack without a password")


def _copy_entry(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, budget: int, max_ratio: float) -> int:
    """Unpacks one entry; returns the number of bytes written.

    The size in the entry's header is not trusted: bytes are counted against `budget` and `max_ratio` while unpacking.
    """
    written = 0
    with zipped.open(entry) as source, target.open("xb") as sink:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > budget:
                raise CaptchaOcrError(
                    f"{zipped.filename}: unpacks to more than fetch.max_unpacked_mb at {entry.filename}: "
                    "raise it in params.yaml if you trust the archive"
                )
            if written > max_ratio * max(entry.compress_size, CHUNK):
                raise CaptchaOcrError(
                    f"{zipped.filename}: {entry.filename} unpacks to over {max_ratio:g} times its size, as a zip "
                    "bomb does: raise fetch.max_ratio in params.yaml if you trust the archive"
                )
            sink.write(chunk)
    return written


def unpack_zip(archive: Path, folder: Path, params: FetchParams) -> None:
    """Unpacks the pictures of `archive`, without their subfolders, into the new folder `folder`.

    Raises CaptchaOcrError for a damaged or encrypted archive, a link, a name that is unsafe, occurs twice or is not a
    picture's, and where a limit of `params` is exceeded.
    """
    try:
        with zipfile.ZipFile(archive) as zipped:
            entries = [e for e in zipped.infolist() if not e.is_dir() and not _is_desktop_file(e.filename)]
            _check_names([e.filename for e in entries], archive, params)
            _check_entries(entries, archive)
            folder.mkdir(parents=True)
            budget = int(params.max_unpacked_mb * MEGABYTE)
            for entry in tqdm(entries, desc="unpack", unit="picture", disable=None):
                target = folder / PurePosixPath(entry.filename).name
                budget -= _copy_entry(zipped, entry, target, budget, params.max_ratio)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise CaptchaOcrError(f"{archive} is not a sound zip ({error}): delete it and fetch it again") from None


def copy_folder(source: Path, folder: Path, params: FetchParams) -> None:
    """Copies the pictures below `source`, without their subfolders, into the new folder `folder`.

    Checks as `unpack_zip`.
    """
    paths = {str(p.relative_to(source).as_posix()): p for p in sorted(source.rglob("*")) if not p.is_dir()}
    paths = {name: path for name, path in paths.items() if not _is_desktop_file(name)}
    _check_names(list(paths), source, params)
    links = [name for name, path in paths.items() if path.is_symlink()]
    if links:
        raise CaptchaOcrError(f"{source}: link {listed(links)}: replace links by the pictures themselves")
    size = sum(path.stat().st_size for path in paths.values())
    if size > params.max_unpacked_mb * MEGABYTE:
        raise CaptchaOcrError(
            f"{source} holds {size / MEGABYTE:.0f} MB, more than fetch.max_unpacked_mb = {params.max_unpacked_mb:g}: "
            "raise it in params.yaml"
        )
    folder.mkdir(parents=True)
    for name, path in tqdm(paths.items(), desc="copy", unit="picture", disable=None):
        shutil.copyfile(path, folder / PurePosixPath(name).name)
