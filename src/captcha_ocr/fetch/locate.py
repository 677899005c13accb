"""Takes a fingerprint of the source of the pictures without reading it.

DVC runs this before every pipeline run. It must be fast, and it notices when an archive was copied into place or a
picture was added to the user's folder.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.answers import UnreachableError
from captcha_ocr.fetch.outputs import check_place
from captcha_ocr.fetch.remote.addresses import is_address, shown
from captcha_ocr.fetch.remote.copies import copied_state
from captcha_ocr.fetch.remote.listing import look
from captcha_ocr.fetch.table_source import LIST_ENDINGS, names_beside
from captcha_ocr.params.params import FetchParams


def _state(path: Path) -> str:
    """Size and modification time of a file."""
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _state_of_all(paths: Iterable[Path]) -> str:
    states = (f"{os.path.relpath(path, project_root())} {_state(path)}" for path in paths)
    return hashlib.sha256("\n".join(states).encode(errors="surrogateescape")).hexdigest()


def _state_at(address: str, params: FetchParams, previous: str | None) -> str:
    """The state of what is at an address. If it cannot be reached, that of its copy, or else the `previous` one.

    Raises UnreachableError if there is neither.
    """
    try:
        return look(address, params).state
    except UnreachableError as error:
        kept = copied_state(address) or previous
        if kept is None:
            raise
        print(f"{error}. What was fetched from it before is used", flush=True)
        return kept


def _local_state(name: str, table: Path) -> str | None:
    """The state of a file or folder of the project, and of a table beside it; None if the former is not there."""
    place = project_root() / name
    try:
        if place.is_dir():
            paths = sorted(path for path in place.rglob("*") if path.is_file())
        elif place.is_file() and name.lower().endswith(LIST_ENDINGS):
            paths = sorted(place.parent / found for found in names_beside(place))
        elif place.is_file():
            paths = [place]
        else:
            return None
        paths += [table] if table.is_file() else []
        return _state(paths[0]) if len(paths) == 1 else _state_of_all(paths)
    except OSError as error:
        raise CaptchaOcrError(f"{name} cannot be read ({error.strerror}): give permission, or name another") from None


def locate(params: FetchParams, archive: Path, previous: SourceState | None = None) -> SourceState:
    """What `fetch` reads, and a fingerprint of it: of sizes and modification times, or of what a server tells of it.

    The place is `params.source`, or where that is empty `archive`. `params.table` counts if it is a file of the
    project. If there is no source, as in a clone that has pulled the pictures from DVC's cache, a `previous` state of
    the same place is kept. Raises CaptchaOcrError if the source or the table lies where stages write.
    """
    name = params.source or str(archive)
    table = project_root() / params.table
    if table.is_file():
        check_place(params.table, "fetch.table")
    if not is_address(name):
        check_place(name, "fetch.source" if params.source else "data.dvc")
        kept = previous if previous and previous.place == name else SourceState(place=name, state="absent")
        state = _local_state(name, table)
        return kept if state is None else SourceState(place=name, state=state)
    place = shown(name)
    state = _state_at(name, params, previous.state.split()[0] if previous and previous.place == place else None)
    return SourceState(place=place, state=f"{state} {_state(table)}" if table.is_file() else state)
