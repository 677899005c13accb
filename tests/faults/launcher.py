"""Installs a filter of system calls, sends its listener through a socket, and becomes the command.

    python launcher.py SOCKET SECCOMP PROGRAM COMMAND…

SOCKET is an inherited file descriptor, SECCOMP the number of the system call, PROGRAM the filter in hexadecimal digits.
"""

import ctypes
import os
import socket
import struct
import sys

DIE_WITH_PARENT, KILL = 1, 9  # PR_SET_PDEATHSIG, SIGKILL: nothing runs on whose calls nobody answers
NO_NEW_PRIVILEGES = 38  # PR_SET_NO_NEW_PRIVS: without it, only root may install a filter
SET_FILTER, NEW_LISTENER = 1, 8  # SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER


def _install(number: int, program: bytes) -> int:
    """The file descriptor of the filter's listener."""
    libc = ctypes.CDLL(None, use_errno=True)
    instructions = ctypes.create_string_buffer(program, len(program))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(instructions)))
    libc.prctl(DIE_WITH_PARENT, KILL, 0, 0, 0)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    listener = int(libc.syscall(number, SET_FILTER, NEW_LISTENER, head))
    if listener < 0:
        sys.exit(os.strerror(ctypes.get_errno()))
    return listener


def main() -> None:
    number, seccomp, program, *command = sys.argv[1:]
    with socket.socket(fileno=int(number)) as connection:
        listener = _install(int(seccomp), bytes.fromhex(program))
        socket.send_fds(connection, [b"."], [listener])
    os.close(listener)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
