"""What lies at the source just now, told cheaply enough to look before every run.

DVC asks it each time, so that an archive copied in place, or a picture added to the user's folder, is noticed.
"""

import hashlib
from pathlib import Path

from captcha_ocr.artifacts.source import SourceState
from captcha_ocr.base.root import project_root


def _state(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_size} {stat.st_mtime_ns}"


def locate(source: str, archive: Path, noted: SourceState | None = None) -> SourceState:
    """The place that `fetch` will read, and a fingerprint of the sizes and times found there.

    Where nothing lies there, as in a clone that has pulled the pictures, what is `noted` of the same place still holds.
    """
    named = source or str(archive)
    place = project_root() / named
    if place.is_dir():
        states = (f"{p.relative_to(place).as_posix()} {_state(p)}" for p in sorted(place.rglob("*")) if p.is_file())
        return SourceState(place=named, state=hashlib.sha256("\n".join(states).encode()).hexdigest())
    if place.is_file():
        return SourceState(place=named, state=_state(place))
    return noted if noted and noted.place == named else SourceState(place=named, state="absent")
