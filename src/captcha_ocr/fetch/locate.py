"""Takes a fingerprint of the source of the pictures, from sizes and times only.

DVC runs this before every pipeline run. It must be fast, and it notices when an archive was copied into place or a
picture was added to the user's folder.
"""

import hashlib
from pathlib import Path

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.root import project_root


def _state(path: Path) -> str:
    """Size and modification time of a file."""
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def locate(source: str, archive: Path, previous: SourceState | None = None) -> SourceState:
    """The file or folder that `fetch` reads, and a fingerprint of the sizes and modification times there.

    `source` is the user's (fetch.source); where it is empty, `archive` is the place. If there is no such file, as in a
    clone that has pulled the pictures from DVC's cache, a `previous` state of the same place is kept.
    """
    name = source or str(archive)
    place = project_root() / name
    if place.is_dir():
        states = (f"{p.relative_to(place).as_posix()} {_state(p)}" for p in sorted(place.rglob("*")) if p.is_file())
        return SourceState(place=name, state=hashlib.sha256("\n".join(states).encode()).hexdigest())
    if place.is_file():
        return SourceState(place=name, state=_state(place))
    return previous if previous and previous.place == name else SourceState(place=name, state="absent")
