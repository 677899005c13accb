"""A system call that a stopped process is about to make, read from Linux's /proc."""

import ctypes
import os
from dataclasses import dataclass
from pathlib import Path

from tests.faults.syscalls import SIGNATURES, by_number

NAMES = by_number()
HERE = 0xFFFFFF9C  # AT_FDCWD in 32 bits: a path relative to the working folder
LONGEST_PATH = 4096
GET_DESCRIPTOR = 438  # the system call pidfd_getfd, on both architectures


@dataclass(frozen=True)
class Call:
    """A call by its name. process: its id. paths: the files named. size: bytes to be written, 0 for other calls.

    creates: whether it opens a file that it may create or empty.
    """

    process: int
    name: str
    paths: tuple[str, ...]
    size: int
    creates: bool

    @property
    def changes(self) -> bool:
        """Whether it changes what is on disk: opening an existing file does not."""
        return "access" not in self.name and (not self.name.startswith("open") or self.creates)


def _memory(thread: int, address: int, count: int) -> bytes:
    memory = os.open(f"/proc/{thread}/mem", os.O_RDONLY)
    try:
        return os.pread(memory, count, address)
    finally:
        os.close(memory)


def _descriptor(thread: int, number: int) -> str:
    return str(Path(f"/proc/{thread}/fd/{number & 0xFFFFFFFF}").readlink())


def _path(thread: int, folder: int | None, address: int) -> str:
    path = os.fsdecode(_memory(thread, address, LONGEST_PATH).split(b"\0")[0])
    if path.startswith("/"):
        return os.path.normpath(path)
    here = folder is None or folder & 0xFFFFFFFF == HERE
    base = str(Path(f"/proc/{thread}/cwd").readlink()) if here else _descriptor(thread, folder or 0)
    return os.path.normpath(f"{base}/{path}")


def _vector_size(thread: int, address: int, count: int) -> int:
    """The bytes of `struct iovec` records: each a pointer and a length of eight bytes."""
    content = _memory(thread, address, 16 * count)
    return sum(int.from_bytes(content[at + 8 : at + 16], "little") for at in range(0, len(content), 16))


def process_of(thread: int) -> int:
    """The id of the process that a thread belongs to."""
    lines = Path(f"/proc/{thread}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Tgid:"))


def read_call(thread: int, number: int, arguments: list[int]) -> Call:
    """The call that `thread` waits in; raises OSError if the thread is gone."""
    name = NAMES[number]
    signature = SIGNATURES[name]
    paths = [_descriptor(thread, arguments[at]) for at in signature.descriptors]
    for folder, at in signature.paths:
        paths.append(_path(thread, None if folder is None else arguments[folder], arguments[at]))
    size = arguments[signature.size] if signature.size is not None else 0
    if name in ("writev", "pwritev"):
        size = _vector_size(thread, arguments[1], arguments[2])
    flags = arguments[signature.flags] if signature.flags is not None else 0
    creates = name == "creat" or (name.startswith("open") and bool(flags & (os.O_CREAT | os.O_TRUNC)))
    return Call(process_of(thread), name, tuple(paths), size, creates)


def write_part(thread: int, name: str, arguments: list[int], size: int) -> int:
    """Writes the first `size` bytes of a `write` or `pwrite64` in the thread's place; returns how many were written."""
    content = _memory(thread, arguments[1], size)
    own = _borrowed(process_of(thread), arguments[0])
    try:
        return os.write(own, content) if name == "write" else os.pwrite(own, content, arguments[3])
    finally:
        os.close(own)


def _borrowed(process: int, descriptor: int) -> int:
    """The same open file, with its position, as a file descriptor of this process."""
    handle = os.pidfd_open(process)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        borrowed = int(libc.syscall(GET_DESCRIPTOR, handle, descriptor & 0xFFFFFFFF, 0))
    finally:
        os.close(handle)
    if borrowed < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return borrowed
