"""Reads and writes files. A file appears under its name only when it is complete."""

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from captcha_ocr.base.errors import CaptchaOcrError
from captcha_ocr.base.written import note_written

# How the names of unfinished files begin: git and DVC ignore them, and `sweep_drafts` removes what a kill has left.
DRAFT = ".draft-"
# What reading an .npz file raises where it is short, zeroed, or another file.
NPZ_DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, zlib.error)


def remove(path: Path) -> None:
    """Removes a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Returns once the file or folder is on the disk, so that it also outlasts a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(draft: Path, path: Path) -> None:
    """Gives `draft` the name `path`. A folder cannot be replaced in one step: it is set aside, and then removed."""
    if not path.is_dir() or path.is_symlink():
        if path.is_file() and not path.is_symlink():
            shutil.copymode(path, draft)
        draft.replace(path)
        return
    former = draft.with_name(f"{draft.name}.former")
    path.replace(former)
    draft.replace(path)
    shutil.rmtree(former)


@contextmanager
def replacing(path: Path, *, durable: bool = False) -> Iterator[Path]:
    """Yields a temporary path beside `path`. It replaces `path` if the block ends without an error.

    It has the ending of `path`. `durable` is for state that no stage can make again: it outlasts a power cut.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{DRAFT}{os.getpid()}-{path.name}")
    remove(draft)  # of a killed process that had the same number
    try:
        yield draft
        if durable:
            sync(draft)
        note_written(draft, path)
        _put(draft, path)
        if durable:
            sync(path.parent)
    except OSError as error:
        if error.errno and str(error.filename or draft) == str(draft):
            error.filename = str(path)  # for the message: what could not be written
        raise
    finally:
        remove(draft)


def write_json(path: Path, value: Any, *, durable: bool = False) -> None:
    """Writes `value` as indented JSON in UTF-8."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n", durable=durable)


def read_bytes(path: Path) -> bytes:
    """The content of a file that a stage writes; raises CaptchaOcrError if the file does not exist."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise CaptchaOcrError(f"{path} does not exist: run the stage that writes it, with `dvc repro`") from None


def sha256_of(path: Path) -> str:
    """The hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str, *, durable: bool = False) -> None:
    """Writes `text` in UTF-8."""
    write_bytes(path, text.encode(), durable=durable)


def write_bytes(path: Path, content: bytes, *, durable: bool = False) -> None:
    """Writes `content` unchanged."""
    with replacing(path, durable=durable) as draft:
        draft.write_bytes(content)
