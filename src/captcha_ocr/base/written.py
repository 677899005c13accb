"""What the stages have written in this checkout, so that none removes a file that is the user's."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

JOURNAL = Path(".cache/written.jsonl")  # a line for each file; git-ignored, since it tells of this folder alone
PIPELINE = Path("dvc.yaml")  # where this is, the folder is a checkout
Written = tuple[str, int, int, int]


def as_written(path: Path, named: Path) -> Written:
    """The file `path` as it is just now, under the name `named`: name, bytes, time of change and inode."""
    state = os.lstat(path)
    return os.path.relpath(named), state.st_size, state.st_mtime_ns, state.st_ino


def files_of(path: Path) -> list[Path]:
    """The file `path`, or all files of the folder, sorted."""
    return sorted(found for found in path.rglob("*") if not found.is_dir()) if path.is_dir() else [path]


def _states(draft: Path, path: Path) -> Iterator[Written]:
    for file in files_of(draft):
        yield as_written(file, path / file.relative_to(draft))


def note_all(states: Iterable[Written]) -> None:
    """Adds files to the journal."""
    lines = "".join(f"{json.dumps(state)}\n" for state in states)
    JOURNAL.parent.mkdir(exist_ok=True)
    with JOURNAL.open("a", encoding="utf-8") as journal:
        journal.write(lines)


def note_written(draft: Path, path: Path) -> None:
    """Notes that the file or folder `draft` is about to be renamed to `path`; nothing outside a checkout."""
    # Without a note the next run compares the file with dvc.lock, which only takes longer.
    with suppress(OSError, ValueError):
        if PIPELINE.exists():
            note_all(_states(draft, path))


def written() -> set[Written]:
    """All that the journal holds; lines that a crash has cut off are passed over."""
    found: set[Written] = set()
    with suppress(OSError), JOURNAL.open(encoding="utf-8", errors="replace") as journal:
        for line in journal:
            with suppress(ValueError, TypeError):
                name, size, changed, inode = json.loads(line)
                found.add((name, size, changed, inode))
    return found


def keep_only(states: Iterable[Written]) -> None:
    """Makes the journal hold these files alone, so that it does not grow for ever."""
    draft = JOURNAL.with_suffix(".draft")
    draft.write_text("".join(f"{json.dumps(state)}\n" for state in sorted(states)), encoding="utf-8")
    draft.replace(JOURNAL)
