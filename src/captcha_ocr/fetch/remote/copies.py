"""The local copy of a source at an address, below .cache/sources in the project."""

import hashlib
import shutil
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from filelock import FileLock

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.containers.files import MEGABYTE
from captcha_ocr.fetch.deadline import within
from captcha_ocr.fetch.download import download
from captcha_ocr.fetch.remote.addresses import shown
from captcha_ocr.fetch.remote.listing import Listing, file_system, look, unreachable
from captcha_ocr.params.params import FetchParams

# A copy is the folder `<digest of the address>/<state>`, which holds one of these. It has that name only when complete.
FILE, FOLDER = "file", "folder"


def _home(address: str) -> Path:
    return project_root() / ".cache" / "sources" / hashlib.sha256(address.encode()).hexdigest()[:16]


def _copies(address: str) -> list[Path]:
    """The complete copies, the latest first. There is one, unless the last removal was interrupted."""
    complete = [path for path in _home(address).glob("*") if path.is_dir() and not path.suffix]
    return sorted(complete, key=lambda path: path.stat().st_ctime_ns, reverse=True)


def copied_state(address: str) -> str | None:
    """The state that the source had when it was copied; None if there is no copy."""
    return next((path.name for path in _copies(address)), None)


def _source_in(copy: Path) -> Path:
    """What is read: the folder, or the file."""
    return copy / FOLDER if (copy / FOLDER).is_dir() else next((copy / FILE).iterdir())


def _check_sizes(address: str, listing: Listing, params: FetchParams) -> None:
    size = sum(file.size or 0 for file in listing.files)
    if size > params.max_download_mb * MEGABYTE:
        raise CaptchaOcrError(
            f"{shown(address)} holds {size / MEGABYTE:.0f} MB, more than fetch.max_download_mb = "
            f"{params.max_download_mb:g}: raise it in params.yaml if the size is right"
        )


def _transfer(address: str, listing: Listing, draft: Path, params: FetchParams) -> None:
    """Copies what is not in `draft` yet: a file of the right size is."""
    folder = draft / (FOLDER if listing.is_folder else FILE)
    folder.mkdir(parents=True, exist_ok=True)
    targets = {file: folder / file.name for file in listing.files}
    missing = [f for f, path in targets.items() if not path.is_file() or path.stat().st_size != f.size]
    if urlsplit(address).scheme == "https":
        for file in missing:
            download(address, targets[file], params)
        return
    size = sum(file.size or 0 for file in missing)
    print(f"download: {len(missing)} files, {size / MEGABYTE:.1f} MB, from {shown(address)}", flush=True)
    for path in targets.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        get = partial(file_system(address, params).get, [f.path for f in missing], [str(targets[f]) for f in missing])
        within(params.max_download_seconds, get)
    except Exception as error:  # each of these libraries has exceptions of its own
        raise unreachable(address, error) from None
    broken = [file.name for file, path in targets.items() if not path.is_file() or path.stat().st_size != file.size]
    if broken:
        raise UnreachableError(f"{shown(address)}: {broken[0]} did not arrive whole: run `dvc repro` again")


def _copy(address: str, listing: Listing, params: FetchParams) -> Path:
    """Copies the source; a copy that was interrupted is resumed, unless the source has changed since."""
    copy = _home(address) / listing.state
    draft = copy.with_suffix(".draft")
    for other in _home(address).glob("*.draft"):
        if other != draft:
            shutil.rmtree(other)
    _check_sizes(address, listing, params)
    _transfer(address, listing, draft, params)
    draft.rename(copy)
    for older in _copies(address):
        if older != copy:
            shutil.rmtree(older)
    return copy


def bring(address: str, params: FetchParams) -> Path:
    """The local copy of the file or folder at `address`, copied if it is not there or has changed.

    Where the address cannot be reached, a complete copy is used, and that is said. Raises UnreachableError if there is
    none, and CaptchaOcrError if the address is not allowed, or what is there is larger than `params` allows.
    """
    home = _home(address)
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home.with_suffix(".lock")):
        try:
            listing = look(address, params)
            copy = home / listing.state
            return _source_in(copy if copy.is_dir() else _copy(address, listing, params))
        except UnreachableError as error:
            copies = _copies(address)
            if not copies:
                raise
            print(f"{error}. The copy of it from before is used: {copies[0]}", flush=True)
            return _source_in(copies[0])
