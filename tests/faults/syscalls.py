"""The system calls that change files: their numbers, and which of their arguments name a file."""

import os
import platform
import struct
from dataclasses import dataclass

# Columns of `Signature.numbers`, and Linux's AUDIT_ARCH of each.
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOW, ASK = 0x7FFF0000, 0x7FC00000  # SECCOMP_RET_ALLOW, SECCOMP_RET_USER_NOTIF
LOAD, JUMP_IF_EQUAL, JUMP_IF_SET, RETURN = 0x20, 0x15, 0x45, 0x06  # instructions of classic BPF
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True)
class Signature:
    """Arguments of a system call by their positions.

    numbers: of the call on x86_64 and on aarch64, which lacks some. descriptors: arguments that are open files. paths:
    arguments that are paths, each with the argument for the folder that it is relative to; None for the working folder.
    size: the number of bytes written. flags: an argument of which one bit of `mask` must be set.
    """

    numbers: tuple[int, int | None]
    descriptors: tuple[int, ...] = ()
    paths: tuple[tuple[int | None, int], ...] = ()
    size: int | None = None
    flags: int | None = None
    mask: int = WRITING


SIGNATURES = {
    "write": Signature((1, 64), (0,), size=2),
    "pwrite64": Signature((18, 68), (0,), size=2),
    "writev": Signature((20, 66), (0,)),
    "pwritev": Signature((296, 70), (0,)),
    "sendfile": Signature((40, 71), (0,), size=3),
    "copy_file_range": Signature((326, 285), (2,), size=4),
    "fallocate": Signature((285, 47), (0,), size=3),
    "ftruncate": Signature((77, 46), (0,)),
    "truncate": Signature((76, 45), paths=((None, 0),)),
    "fsync": Signature((74, 82), (0,)),
    "fdatasync": Signature((75, 83), (0,)),
    "open": Signature((2, None), paths=((None, 0),), flags=1),
    "openat": Signature((257, 56), paths=((0, 1),), flags=2),
    "creat": Signature((85, None), paths=((None, 0),)),
    "mkdir": Signature((83, None), paths=((None, 0),)),
    "mkdirat": Signature((258, 34), paths=((0, 1),)),
    "rmdir": Signature((84, None), paths=((None, 0),)),
    "unlink": Signature((87, None), paths=((None, 0),)),
    "unlinkat": Signature((263, 35), paths=((0, 1),)),
    "rename": Signature((82, None), paths=((None, 0), (None, 1))),
    "renameat": Signature((264, 38), paths=((0, 1), (2, 3))),
    "renameat2": Signature((316, 276), paths=((0, 1), (2, 3))),
    "link": Signature((86, None), paths=((None, 0), (None, 1))),
    "linkat": Signature((265, 37), paths=((0, 1), (2, 3))),
    "symlink": Signature((88, None), paths=((None, 1),)),
    "symlinkat": Signature((266, 36), paths=((1, 2),)),
    "access": Signature((21, None), paths=((None, 0),), flags=1, mask=os.W_OK),
    "faccessat": Signature((269, 48), paths=((0, 1),), flags=2, mask=os.W_OK),
    "faccessat2": Signature((439, 439), paths=((0, 1),), flags=2, mask=os.W_OK),
}
SECCOMP = (317, 277)


def _column() -> int:
    return list(ARCHITECTURES).index(platform.machine())


def seccomp_number() -> int:
    """The number of the system call that installs a filter."""
    return SECCOMP[_column()]


def by_number() -> dict[int, str]:
    """The names of the calls on this machine by their numbers."""
    numbers = {name: signature.numbers[_column()] for name, signature in SIGNATURES.items()}
    return {number: name for name, number in numbers.items() if number is not None}


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def filter_program() -> bytes:
    """A filter for Linux, which asks about the calls of SIGNATURES, and allows all others."""
    arguments, step = 16, 8  # where `struct seccomp_data` has the arguments
    program = _instruction(LOAD, 4) + _instruction(JUMP_IF_EQUAL, ARCHITECTURES[platform.machine()], 1)
    program += _instruction(RETURN, ALLOW) + _instruction(LOAD, 0)
    for number, name in by_number().items():
        flags = SIGNATURES[name].flags
        if flags is None:
            program += _instruction(JUMP_IF_EQUAL, number, 0, 1) + _instruction(RETURN, ASK)
        else:
            program += _instruction(JUMP_IF_EQUAL, number, 0, 4) + _instruction(LOAD, arguments + step * flags)
            program += _instruction(JUMP_IF_SET, SIGNATURES[name].mask, 0, 1)
            program += _instruction(RETURN, ASK) + _instruction(RETURN, ALLOW)
    return program + _instruction(RETURN, ALLOW)
