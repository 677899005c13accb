"""Takes a fingerprint of the source of the pictures, from sizes and times only.

DVC runs this before every pipeline run. It must be fast, and it notices when an archive was copied into place or a
picture was added to the user's folder.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.root import project_root
from captcha_ocr.fetch.table_source import LIST_ENDINGS, names_beside


def _state(path: Path) -> str:
    """Size and modification time of a file."""
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def _state_of_all(paths: Iterable[Path]) -> str:
    states = (f"{os.path.relpath(path, project_root())} {_state(path)}" for path in paths)
    return hashlib.sha256("\n".join(states).encode()).hexdigest()


def locate(source: str, archive: Path, table: str, previous: SourceState | None = None) -> SourceState:
    """The file or folder that `fetch` reads, and a fingerprint of the sizes and modification times there.

    `source` is the user's (fetch.source); where it is empty, `archive` is the place. `table` is the table of the labels
    (fetch.table), which counts if it is a file of the project. If there is no source, as in a clone that has pulled the
    pictures from DVC's cache, a `previous` state of the same place is kept.
    """
    name = source or str(archive)
    place, beside = project_root() / name, project_root() / table
    if place.is_dir():
        paths = sorted(path for path in place.rglob("*") if path.is_file())
    elif place.is_file() and name.lower().endswith(LIST_ENDINGS):
        paths = sorted(place.parent / found for found in names_beside(place))
    elif place.is_file():
        paths = [place]
    else:
        return previous if previous and previous.place == name else SourceState(place=name, state="absent")
    if table and beside.is_file():
        paths.append(beside)
    return SourceState(place=name, state=_state(paths[0]) if len(paths) == 1 else _state_of_all(paths))
