"""Keeps the start-up messages of TensorFlow's C++ code out of a stage's output.

On every start it writes some twenty lines about processors and missing GPU drivers to file descriptor 2. Some of them
are marked as errors although nothing is wrong, and hide real errors. No setting of TensorFlow 2.21 stops them. Fatal
messages, Python's own output and progress bars are let through.
"""

import atexit
import os
import re
import sys
import threading

# glog's line format: severity, month and day, time, thread, source location. The first such line follows a line that
# begins with "WARNING: All log messages before absl".
NATIVE = re.compile(
    rb"([IWE]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] |WARNING: All log messages before absl"
    rb"|To enable the following instructions: )"
)
FIRST_BYTES = b"IWET"  # of the lines that NATIVE matches


def drop_native_lines(pending: bytes) -> tuple[bytes, bytes]:
    """Splits `pending` into output that may be written now and a beginning of a line that must wait for its end."""
    *lines, rest = pending.split(b"\n")
    kept = b"".join(line + b"\n" for line in lines if not NATIVE.match(line))
    # A progress bar never ends its line, so only a line that may still turn out to be a native message waits.
    return (kept, rest) if rest[:1] in (*(bytes([first]) for first in FIRST_BYTES), b"") else (kept + rest, b"")


def _copy_filtered(source: int, sink: int) -> None:
    """Copies from one file descriptor to another until the source is closed, without native messages."""
    pending = b""
    while chunk := os.read(source, 1 << 16):
        ready, pending = drop_native_lines(pending + chunk)
        os.write(sink, ready)
    os.write(sink, pending)


def quiet_native_logs() -> None:
    """Filters file descriptor 2 of this process until it exits. Must be called before Keras is imported."""
    original = os.dup(2)
    source, sink = os.pipe()
    os.dup2(sink, 2)
    os.close(sink)
    copier = threading.Thread(target=_copy_filtered, args=(source, original), daemon=True)
    copier.start()

    def restore() -> None:
        sys.stderr.flush()
        os.dup2(original, 2)
        copier.join(timeout=2)

    atexit.register(restore)
